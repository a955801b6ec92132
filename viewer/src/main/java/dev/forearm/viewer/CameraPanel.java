package dev.forearm.viewer;

import java.util.List;

/** The robot's cameras, one below the other, as large as fits. */
final class CameraPanel implements AutoCloseable {
  private static final float CAPTION = 20;

  private record View(Camera camera, Texture texture) {}

  private final List<View> views;

  CameraPanel(List<? extends Camera> cameras) {
    views = cameras.stream().map(camera -> new View(camera, new Texture())).toList();
  }

  void draw(Canvas canvas, Rectangle area) {
    Rectangle content = canvas.begin("cameras", views.isEmpty() ? "no cameras" : "cameras", area);
    float height = content.height() / Math.max(1, views.size());
    for (int i = 0; i < views.size(); i++) {
      Rectangle part =
          new Rectangle(content.x(), content.y() + i * height, content.width(), height);
      draw(canvas, part, views.get(i));
    }
    canvas.end();
  }

  private static void draw(Canvas canvas, Rectangle part, View view) {
    CameraImage image = view.camera().poll();
    if (image != null) {
      view.texture().upload(image);
    }
    Texture texture = view.texture();
    canvas.textWithin(
        part.x(), part.y() + 2, part.width(), Canvas.SMALL, Palette.TEXT, view.camera().topic());
    if (texture.isEmpty()) {
      canvas.text(
          part.x(), part.y() + CAPTION, Canvas.SMALL, Palette.MUTED, "no picture has arrived");
      return;
    }
    float scale =
        Math.min(part.width() / texture.width(), (part.height() - CAPTION - 4) / texture.height());
    canvas.image(
        texture.id(),
        part.x(),
        part.y() + CAPTION,
        scale * texture.width(),
        scale * texture.height());
  }

  @Override
  public void close() {
    views.forEach(view -> view.texture().close());
  }
}
