package dev.forearm.runtime.urdf;

import dev.forearm.runtime.RuntimeFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * XML from a stranger: no document type, no entities, nothing fetched from elsewhere, and no more
 * of anything than a robot needs.
 */
final class XmlFile {
  private static final int BYTES_MAX = 16 << 20;
  private static final String DEPTH_MAX = "64";
  private static final String ATTRIBUTES_MAX = "64";
  private static final String NAME_LENGTH_MAX = "256";

  private final String name;

  private XmlFile(String name) {
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @param tag that the root element must have
   * @throws RuntimeFault naming the file and what is wrong with it
   */
  static Element read(Path file, String tag) {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(in.readNBytes(BYTES_MAX + 1), file.toString(), tag);
    } catch (NoSuchFileException e) {
      throw new RuntimeFault("reading %s: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new RuntimeFault("reading %s: %s".formatted(file, e), e);
    }
  }

  /** As {@link #read}; {@code name} stands for the file in messages. */
  static Element parse(byte[] xml, String name, String tag) {
    return new XmlFile(name).root(xml, tag);
  }

  private Element root(byte[] xml, String tag) {
    if (xml.length > BYTES_MAX) {
      throw new RuntimeFault(
          "reading %s: found more than %s bytes; a robot without its meshes is smaller"
              .formatted(name, BYTES_MAX));
    }
    try {
      Element root = builder().parse(new ByteArrayInputStream(xml)).getDocumentElement();
      if (!root.getTagName().equals(tag)) {
        throw new RuntimeFault(
            "reading %s: found <%s>, wanted <%s>".formatted(name, root.getTagName(), tag));
      }
      return root;
    } catch (SAXParseException e) {
      throw new RuntimeFault(
          "reading %s:%s: not XML that is read here: %s"
              .formatted(name, e.getLineNumber(), e.getMessage()),
          e);
    } catch (SAXException | IOException e) {
      throw new RuntimeFault("reading %s: not XML: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static DocumentBuilder builder() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setAttribute("jdk.xml.maxElementDepth", DEPTH_MAX);
      factory.setAttribute("jdk.xml.elementAttributeLimit", ATTRIBUTES_MAX);
      factory.setAttribute("jdk.xml.maxXMLNameLimit", NAME_LENGTH_MAX);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Thrower());
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own XML parser has these features", e);
    }
  }

  /** Child elements with this tag, in order. */
  static List<Element> children(Element parent, String tag) {
    List<Element> children = new ArrayList<>();
    for (Node at = parent.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && element.getTagName().equals(tag)) {
        children.add(element);
      }
    }
    return children;
  }

  /** The first child with this tag. */
  static Optional<Element> child(Element parent, String tag) {
    return children(parent, tag).stream().findFirst();
  }

  /** An attribute that is there and not empty. */
  static Optional<String> attribute(Element element, String name) {
    String value = element.getAttribute(name).strip();
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** Throws in place of printing. */
  private static final class Thrower implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
