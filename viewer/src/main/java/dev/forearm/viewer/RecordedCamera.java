package dev.forearm.viewer;

import dev.forearm.ros.RosFault;
import dev.forearm.viewer.replay.Pictures;
import dev.forearm.viewer.replay.Playback;
import org.jspecify.annotations.Nullable;

/** One camera of an episode, at the moment at which its playback is. */
final class RecordedCamera implements Camera {
  private final Pictures pictures;
  private final Playback playback;
  private final String topic;
  private final CameraDecoder decoder;
  private final CameraImage image = new CameraImage();
  private long shownNanos = Long.MIN_VALUE;

  RecordedCamera(Pictures pictures, Playback playback, String topic) {
    this.pictures = pictures;
    this.playback = playback;
    this.topic = topic;
    decoder = new CameraDecoder(topic);
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public @Nullable CameraImage poll() {
    Pictures.Picture picture = pictures.at(topic, playback.nanos());
    if (picture == null || picture.nanos() == shownNanos) {
      return null;
    }
    shownNanos = picture.nanos();
    try {
      decoder.decode(picture.cdr(), image);
      return image;
    } catch (RosFault damaged) { // 'episodes check' tells of it; the others are shown
      return null;
    }
  }
}
