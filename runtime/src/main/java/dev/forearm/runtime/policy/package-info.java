/**
 * A policy in motion: observation in, imagined future and action chunk out. {@link
 * dev.forearm.runtime.policy.PolicySpec} says which features go in and what comes out; {@link
 * dev.forearm.runtime.policy.Policy} is anything that plans (a world model with an actor, a
 * scripted expert). Everything here belongs to the inference thread; the finished chunk crosses to
 * the control thread.
 */
@NullMarked
package dev.forearm.runtime.policy;

import org.jspecify.annotations.NullMarked;
