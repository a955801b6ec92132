/**
 * A driver made of demonstrations alone, without a network, a reward or a person:
 *
 * <pre>
 *   RecordedPlans --DemonstratedStep--> what it looked like, what was handled, where the tool was told to go
 *                                                |
 *   observation ----Scene: what it looks like--> nearest --> the tool's path, moved to where the thing is now
 *                                                                  --InverseKinematics--> joint positions
 * </pre>
 *
 * So what was shown at one place is done at any other, and from states that nobody demonstrated,
 * such as those that a policy gets into. {@link dev.forearm.models.retrieval.RetrievalPolicy} is
 * that driver; {@link dev.forearm.models.retrieval.Relabelling} asks it afterwards what it would
 * have done where a policy drove. After Pari et al., "The Surprising Effectiveness of
 * Representation Learning for Visual Imitation" (2021), whose neighbours it takes, and Mandlekar et
 * al., "MimicGen" (2023), which carries demonstrations over to where objects are.
 *
 * <p>Threads: that of whoever plans, one.
 */
@NullMarked
package dev.forearm.models.retrieval;

import org.jspecify.annotations.NullMarked;
