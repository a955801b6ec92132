/**
 * What the pixels of a camera's messages are, and how they become a policy's tensor. {@link
 * dev.forearm.ros.image.ImageFormat} is read from a message and checked against its data once;
 * whoever works on pixels goes by it. {@link dev.forearm.ros.image.ImageView} and {@link
 * dev.forearm.ros.image.CompressedDecoder} find the pixels of a message, {@link
 * dev.forearm.ros.image.ImageConversion} converts them in one go, colours and depth each by their
 * rule. Each belongs to one thread, the transport's receive thread as a rule; formats are values.
 */
@NullMarked
package dev.forearm.ros.image;

import org.jspecify.annotations.NullMarked;
