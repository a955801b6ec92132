/**
 * How a policy becomes better by what it lived through: both halves, together.
 *
 * <pre>
 *   demonstrations --samples--------------------------+
 *                                                     |   share of each batch
 *   own episodes --Experience: what led to a stage--> + --> Improvement --> candidate bundle
 *                     executed commands and frames           world model, then the actor on what
 *                                                            the new world model imagines
 * </pre>
 *
 * {@link dev.forearm.models.learn.LearnerSettings} switch every part; {@link
 * dev.forearm.models.learn.Experience} chooses what of an own episode is worth repeating; {@link
 * dev.forearm.models.learn.ObservationNoise} shows each sample from a little beside; {@link
 * dev.forearm.models.learn.Improvement} trains. Two other ways: {@link
 * dev.forearm.models.learn.PolicyGradient} moves an actor by what its straying brought, {@link
 * dev.forearm.models.learn.ChoiceTraining} has a policy choose among several imaginations. Nothing
 * here plays episodes or judges a candidate.
 *
 * <p>Threads: the learner's, one.
 */
@NullMarked
package dev.forearm.models.learn;

import org.jspecify.annotations.NullMarked;
