package dev.forearm.calibration.camera;

/**
 * A picture or capture that does not count.
 *
 * @param name its
 * @param why with what was found and wanted
 */
public record LeftOut(String name, String why) {}
