package dev.forearm.launch.doctor;

/** Looks at one thing of this machine. */
@FunctionalInterface
interface Check {
  Finding look();
}
