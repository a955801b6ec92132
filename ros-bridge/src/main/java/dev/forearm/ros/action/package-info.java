/**
 * Actions, out of services and topics as ROS 2 makes them: {@link
 * dev.forearm.ros.action.ActionServer} and {@link dev.forearm.ros.action.ActionClient}, over any
 * transport.
 *
 * <pre>
 *   NAME/_action/send_goal    service  goal id, goal -> accepted
 *   NAME/_action/cancel_goal  service  action_msgs/srv/CancelGoal
 *   NAME/_action/get_result   service  goal id -> status, result; answered once the goal is over
 *   NAME/_action/feedback     topic    goal id, feedback
 *   NAME/_action/status       topic    action_msgs/msg/GoalStatusArray, latched
 * </pre>
 */
@NullMarked
package dev.forearm.ros.action;

import org.jspecify.annotations.NullMarked;
