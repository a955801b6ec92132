package dev.forearm.launch;

/**
 * A command whose process gives way to whatever controls an arm. Whoever runs it within a process
 * of their own keeps their priority: it could not be taken back.
 */
public interface GivesWay {}
