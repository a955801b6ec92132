package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.Qos;

/**
 * Somebody's writer or reader, as discovered.
 *
 * @param topic its DDS topic
 * @param type its DDS type
 * @param reliability offered or asked for
 * @param durability offered or asked for; transient and persistent count as transient local
 */
public record DdsEndpoint(
    String topic, String type, Qos.Reliability reliability, Qos.Durability durability) {}
