/**
 * Whether a candidate may take the incumbent's place. {@link
 * dev.forearm.models.promotion.PromotionGate} asks, in this order: is the bundle whole and ours;
 * does it command nothing wild on what was logged ({@link
 * dev.forearm.models.promotion.ActionBounds}); does a model that was learned from the logs, and
 * first proved itself on episodes it had not seen, predict a loss ({@link
 * dev.forearm.models.promotion.ConsequenceModel}); and does it lose on held-out starts ({@link
 * dev.forearm.models.promotion.SequentialPairedTest}). What is found goes onto the shelf.
 *
 * <p>Threads: one, the caller's; never one that controls an arm.
 */
@NullMarked
package dev.forearm.models.promotion;

import org.jspecify.annotations.NullMarked;
