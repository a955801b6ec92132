/** Pictures as video files, through the LGPL build of FFmpeg that Bytedeco packages. */
@NullMarked
package dev.forearm.datasets.video;

import org.jspecify.annotations.NullMarked;
