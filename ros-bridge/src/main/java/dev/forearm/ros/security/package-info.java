/**
 * Who a program is to others that secure their topics, as ROS 2 says it: {@link
 * dev.forearm.ros.security.Enclave} finds in the environment's keystore what a program proves
 * itself with and encrypts by. What a transport makes of that is the transport's.
 */
@NullMarked
package dev.forearm.ros.security;

import org.jspecify.annotations.NullMarked;
