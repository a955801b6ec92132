package dev.forearm.calibration.file;

/**
 * By how much a signal is late.
 *
 * @param signal a topic
 * @param behind what it is late against
 * @param millis late by
 * @param errorMillis standard error
 */
public record SignalLatency(String signal, String behind, double millis, double errorMillis) {}
