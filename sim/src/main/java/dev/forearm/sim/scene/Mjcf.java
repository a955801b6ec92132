package dev.forearm.sim.scene;

import dev.forearm.sim.SimFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A model description that can be edited before it is compiled. Used while starting up. */
final class Mjcf {
  private final Document document;

  private Mjcf(Document document) {
    this.document = document;
  }

  /** Reads a bundled scene. */
  static Mjcf scene(String name) {
    String resource = "/scenes/" + name + ".xml";
    try (InputStream in = Mjcf.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new SimFault("scene '%s' is unknown; wanted tabletop".formatted(name));
      }
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return new Mjcf(factory.newDocumentBuilder().parse(in));
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("resource " + resource + " cannot be read", e);
    }
  }

  /** Sets an attribute of the one element with this tag and name. */
  void set(String tag, String name, String attribute, String value) {
    named(tag, name).setAttribute(attribute, value);
  }

  /** Removes an attribute of the one element with this tag and name. */
  void remove(String tag, String name, String attribute) {
    named(tag, name).removeAttribute(attribute);
  }

  /** Sets an attribute of every element with this tag. */
  void setAll(String tag, String attribute, String value) {
    elements(tag).forEach(element -> element.setAttribute(attribute, value));
  }

  /** Reads an attribute of the one element with this tag and name, as numbers. */
  double[] numbers(String tag, String name, String attribute) {
    return parse(named(tag, name).getAttribute(attribute));
  }

  /** Rewrites an attribute's numbers wherever an element with this tag has it. */
  void rewrite(String tag, String attribute, UnaryOperator<double[]> change) {
    for (Element element : elements(tag)) {
      if (element.hasAttribute(attribute)) {
        element.setAttribute(attribute, text(change.apply(parse(element.getAttribute(attribute)))));
      }
    }
  }

  /** The description as MJCF text. */
  String text() {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter out = new StringWriter();
      transformer.transform(new DOMSource(document), new StreamResult(out));
      return out.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("the scene cannot be written as text", e);
    }
  }

  static String text(double... numbers) {
    StringBuilder text = new StringBuilder();
    for (double number : numbers) {
      text.append(text.isEmpty() ? "" : " ").append(number);
    }
    return text.toString();
  }

  private static double[] parse(String numbers) {
    String[] words = numbers.strip().split("\\s+", -1);
    double[] values = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      values[i] = Double.parseDouble(words[i]);
    }
    return values;
  }

  private Element named(String tag, String name) {
    for (Element element : elements(tag)) {
      if (element.getAttribute("name").equals(name)) {
        return element;
      }
    }
    throw new IllegalArgumentException("the scene has no %s named '%s'".formatted(tag, name));
  }

  private List<Element> elements(String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
