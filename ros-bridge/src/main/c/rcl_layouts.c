/*
 * Prints the sizes, offsets and constants of the sourced ROS 2 that dev.forearm.ros.rcl.ffi goes by,
 * one "name value" a line: one column of src/main/resources/dev/forearm/ros/rcl/ffi/layouts.txt.
 *
 *   source /opt/ros/jazzy/setup.bash
 *   gcc $(printf -- '-I%s ' /opt/ros/jazzy/include/ *) rcl_layouts.c -o rcl_layouts && ./rcl_layouts
 *
 * (without the space before the asterisk). Nothing is linked: headers are enough.
 */
#include <stddef.h>
#include <stdio.h>

#include <rcl/rcl.h>
#include <rcl/graph.h>
#include <rmw/topic_endpoint_info_array.h>
#include <rosidl_runtime_c/message_type_support_struct.h>

#define SIZE(type) printf("%s %zu\n", #type, sizeof(type))
#define AT(type, field) printf("%s.%s %zu\n", #type, #field, offsetof(type, field))
#define IS(constant) printf("%s %d\n", #constant, (int) (constant))

int main(void)
{
  SIZE(rcutils_allocator_t);
  AT(rcutils_error_state_t, message);

  SIZE(rcl_init_options_t);
  SIZE(rcl_context_t);
  SIZE(rcl_node_t);
  SIZE(rcl_node_options_t);
  SIZE(rcl_publisher_t);
  SIZE(rcl_publisher_options_t);
  AT(rcl_publisher_options_t, qos);
  AT(rcl_publisher_options_t, allocator);
  SIZE(rcl_subscription_t);
  SIZE(rcl_subscription_options_t);
  AT(rcl_subscription_options_t, qos);
  AT(rcl_subscription_options_t, allocator);
  SIZE(rcl_guard_condition_t);
  SIZE(rcl_guard_condition_options_t);
  SIZE(rcl_wait_set_t);
  AT(rcl_wait_set_t, subscriptions);
  AT(rcl_wait_set_t, size_of_subscriptions);
  AT(rcl_wait_set_t, guard_conditions);
  AT(rcl_wait_set_t, size_of_guard_conditions);
  AT(rcl_wait_set_t, clients);
  AT(rcl_wait_set_t, size_of_clients);
  AT(rcl_wait_set_t, services);
  AT(rcl_wait_set_t, size_of_services);
  SIZE(rcl_service_t);
  SIZE(rcl_service_options_t);
  SIZE(rcl_client_t);
  SIZE(rcl_client_options_t);

#if !defined(RMW__DISCOVERY_OPTIONS_H_)
  AT(rmw_init_options_t, localhost_only);
  IS(RMW_LOCALHOST_ONLY_ENABLED);
#else
  AT(rmw_init_options_t, discovery_options.automatic_discovery_range);
  IS(RMW_AUTOMATIC_DISCOVERY_RANGE_LOCALHOST);
#endif

  SIZE(rmw_qos_profile_t);
  AT(rmw_qos_profile_t, history);
  AT(rmw_qos_profile_t, depth);
  AT(rmw_qos_profile_t, reliability);
  AT(rmw_qos_profile_t, durability);
  AT(rmw_qos_profile_t, deadline);
  AT(rmw_qos_profile_t, lifespan);
  AT(rmw_qos_profile_t, liveliness);
  AT(rmw_qos_profile_t, liveliness_lease_duration);
  SIZE(rmw_time_t);
  AT(rmw_time_t, nsec);
  IS(RMW_QOS_POLICY_LIVELINESS_AUTOMATIC);
  IS(RMW_QOS_POLICY_HISTORY_KEEP_LAST);
  IS(RMW_QOS_POLICY_RELIABILITY_RELIABLE);
  IS(RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT);
  IS(RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL);
  IS(RMW_QOS_POLICY_DURABILITY_VOLATILE);

  SIZE(rmw_serialized_message_t);
  AT(rmw_serialized_message_t, buffer);
  AT(rmw_serialized_message_t, buffer_length);
  AT(rmw_serialized_message_t, buffer_capacity);
  AT(rmw_serialized_message_t, allocator);
  SIZE(rmw_message_info_t);
  AT(rmw_message_info_t, publisher_gid.data);
  IS(RMW_GID_STORAGE_SIZE);
  SIZE(rmw_service_info_t);
  AT(rmw_service_info_t, request_id);
  SIZE(rmw_request_id_t);
  AT(rmw_request_id_t, sequence_number);

  SIZE(rmw_topic_endpoint_info_array_t);
  AT(rmw_topic_endpoint_info_array_t, size);
  AT(rmw_topic_endpoint_info_array_t, info_array);
  SIZE(rmw_topic_endpoint_info_t);
  AT(rmw_topic_endpoint_info_t, node_name);
  AT(rmw_topic_endpoint_info_t, node_namespace);
  AT(rmw_topic_endpoint_info_t, topic_type);
  AT(rmw_topic_endpoint_info_t, qos_profile);

#if defined(ROSIDL_TYPE_HASH_VERSION_UNSET)
  AT(rosidl_message_type_support_t, get_type_hash_func);
  SIZE(rosidl_type_hash_t);
  AT(rosidl_type_hash_t, value);
#endif

  IS(RCL_RET_OK);
  IS(RCL_RET_TIMEOUT);
  IS(RCL_RET_SUBSCRIPTION_TAKE_FAILED);
  IS(RCL_RET_CLIENT_TAKE_FAILED);
  IS(RCL_RET_SERVICE_TAKE_FAILED);
  return 0;
}
