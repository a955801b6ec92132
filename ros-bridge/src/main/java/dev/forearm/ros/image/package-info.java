/**
 * What the pixels of a sensor_msgs/Image are. {@link dev.forearm.ros.image.ImageFormat} is read
 * from a message and checked against its data once; whoever works on pixels goes by it. Values, any
 * thread.
 */
@NullMarked
package dev.forearm.ros.image;

import org.jspecify.annotations.NullMarked;
