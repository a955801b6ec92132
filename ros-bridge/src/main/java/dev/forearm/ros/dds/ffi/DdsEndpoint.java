package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.Qos;

/**
 * Somebody's writer or reader, as discovered.
 *
 * @param guid its own
 * @param participant whose it is
 * @param topic its DDS topic
 * @param type its DDS type
 * @param qos offered or asked for, but for the depth, which is not told; transient and persistent
 *     count as transient local
 * @param userData what it says of itself
 */
public record DdsEndpoint(
    DdsGuid guid, DdsGuid participant, String topic, String type, Qos qos, String userData) {}
