/**
 * The MCAP file format, version 0: writing, reading and walking files that broke off. {@link
 * dev.forearm.runtime.mcap.McapWriter} compresses messages into chunks and ends the file with a
 * summary; {@link dev.forearm.runtime.mcap.McapReader} reads finished files in the order of time;
 * {@link dev.forearm.runtime.mcap.McapScan} walks any file from its start and says how it ends.
 *
 * <pre>
 *   magic  header  schema* channel*  ( chunk messageIndex* | metadata )*  dataEnd
 *   schema* channel* statistics chunkIndex* metadataIndex*  summaryOffset*  footer  magic
 * </pre>
 *
 * Nothing here knows about robots or ROS, and no object here is shared between threads. The format
 * is described at mcap.dev/spec.
 */
@NullMarked
package dev.forearm.runtime.mcap;

import org.jspecify.annotations.NullMarked;
