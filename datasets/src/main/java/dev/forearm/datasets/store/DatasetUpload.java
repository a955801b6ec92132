package dev.forearm.datasets.store;

import static java.nio.file.StandardOpenOption.READ;

import dev.forearm.datasets.DatasetFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Sends a dataset's folder to object storage, large files in parts. What is there is asked of the
 * store: files and parts that it has, by their entity tags, are not sent again, so the same call
 * goes on where another was killed. The file that completes the dataset goes last. One thread's.
 */
public final class DatasetUpload implements AutoCloseable {
  /**
   * What was done.
   *
   * @param files of the dataset, all of which are there
   * @param filesSent of these, completed now
   * @param bytesSent of files and parts that were not there
   */
  public record Result(int files, int filesSent, long bytesSent) {}

  private static final int PART_BYTES = 16 << 20;
  private static final long PARTS_MAX = 10_000; // of one object, by Amazon's S3 User Guide

  private final S3Client store;
  private final StorePlace place;
  private final Consumer<String> said;
  private final int partBytesMin;
  private int filesSent;
  private long bytesSent;

  /**
   * For the store that the environment names: {@code AWS_ENDPOINT_URL_S3} or {@code
   * AWS_ENDPOINT_URL} where it is not Amazon's, {@code AWS_REGION}, and credentials from where the
   * AWS SDK looks for them.
   *
   * @param said told of each file and part that was sent, in a line
   * @throws DatasetFault if the environment does not say where the store is, or it has no such
   *     bucket, or does not let in: before anything is exported that could not be sent
   */
  public DatasetUpload(Map<String, String> environment, StorePlace place, Consumer<String> said) {
    this(environment, place, said, PART_BYTES);
  }

  DatasetUpload(
      Map<String, String> environment, StorePlace place, Consumer<String> said, int partBytesMin) {
    this.place = place;
    this.said = said;
    this.partBytesMin = partBytesMin;
    S3Client opened = null;
    try {
      opened = store(environment);
      opened.headBucket(ask -> ask.bucket(place.bucket()));
    } catch (SdkException e) {
      if (opened != null) {
        opened.close();
      }
      throw new DatasetFault(
          "export to %s: found no way to bucket '%s' (%s); see to AWS_ENDPOINT_URL or AWS_REGION and credentials: the same command goes on from here"
              .formatted(place, place.bucket(), e.getMessage()),
          e);
    }
    store = opened;
  }

  static S3Client store(Map<String, String> environment) {
    String endpoint =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_S3", environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            // Content-MD5 is ours: how newer checksums are sent, some stores do not understand.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
    if (!endpoint.isEmpty()) {
      builder
          .endpointOverride(URI.create(endpoint))
          .forcePathStyle(true)
          .region(Region.of(environment.getOrDefault("AWS_REGION", "us-east-1")));
    }
    return builder.build();
  }

  /**
   * Sends.
   *
   * @param dataset its folder
   * @param completing the file without which it is no dataset
   * @throws DatasetFault if another dataset is there, or something that is of none, or if the store
   *     or the disk fails; the same call then goes on from there
   */
  public Result send(Path dataset, Path completing) {
    try {
      Map<String, Path> files = files(dataset, completing);
      Map<String, String> tags = tags(files);
      for (Map.Entry<String, Path> entry : files.entrySet()) {
        String key = entry.getKey();
        try (FileChannel file = FileChannel.open(entry.getValue(), READ)) {
          if (tags.containsKey(key) && tag(file).equals(tags.get(key))) {
            continue;
          }
          if (tags.containsKey(key(dataset, completing))) { // then all that is before was the same
            throw new DatasetFault(
                "export to %s: another dataset is there; name another prefix or remove it"
                    .formatted(place));
          }
          send(file, key);
        }
      }
      return new Result(files.size(), filesSent, bytesSent);
    } catch (SdkException e) {
      throw new DatasetFault(
          "export to %s: %s; the same command goes on from here".formatted(place, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new DatasetFault("export %s to %s: %s".formatted(dataset, place, e), e);
    }
  }

  /** A dataset's files by their keys, in the order in which they are sent. */
  private Map<String, Path> files(Path dataset, Path completing) throws IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(dataset)) {
      all.filter(file -> Files.isRegularFile(file) && !file.equals(completing))
          .sorted()
          .forEach(file -> files.put(key(dataset, file), file));
    }
    files.put(key(dataset, completing), completing);
    return files;
  }

  private String key(Path dataset, Path file) {
    return place.prefix() + dataset.relativize(file);
  }

  /** Entity tags of what is there, by key. */
  private Map<String, String> tags(Map<String, Path> files) {
    Map<String, String> tags = new HashMap<>();
    for (S3Object object :
        store
            .listObjectsV2Paginator(ask -> ask.bucket(place.bucket()).prefix(place.prefix()))
            .contents()) {
      if (!files.containsKey(object.key())) {
        throw new DatasetFault(
            "export to %s: found %s, which is not of this dataset; name another prefix or remove it"
                .formatted(place, object.key()));
      }
      tags.put(object.key(), bare(object.eTag()));
    }
    return tags;
  }

  private static String bare(String tag) {
    return tag.replace("\"", "");
  }

  /** What S3 calls such a file: of parts, the sum of their sums and how many. */
  private String tag(FileChannel file) throws IOException {
    int partBytes = partBytes(file);
    if (file.size() <= partBytes) {
      return FilePart.read(file, 0, partBytes).tag();
    }
    ByteArrayOutputStream sums = new ByteArrayOutputStream();
    int parts = 0;
    for (long at = 0; at < file.size(); at += partBytes, parts++) {
      sums.write(FilePart.read(file, at, partBytes).md5());
    }
    return FilePart.of(sums.toByteArray()).tag() + "-" + parts;
  }

  private int partBytes(FileChannel file) throws IOException {
    return (int) Math.max(partBytesMin, Math.ceilDiv(file.size(), PARTS_MAX));
  }

  private void send(FileChannel file, String key) throws IOException {
    int partBytes = partBytes(file);
    if (file.size() > partBytes) {
      sendParts(file, key, partBytes);
    } else {
      FilePart whole = FilePart.read(file, 0, partBytes);
      store.putObject(
          ask -> ask.bucket(place.bucket()).key(key).contentMD5(whole.contentMd5()), whole.body());
      bytesSent += whole.length();
    }
    filesSent++;
    said.accept("sent %s: %s bytes".formatted(key, file.size()));
  }

  private void sendParts(FileChannel file, String key, int partBytes) throws IOException {
    String upload = upload(key);
    Map<Integer, String> there = new HashMap<>(); // tags of parts by number
    for (Part part :
        store
            .listPartsPaginator(ask -> ask.bucket(place.bucket()).key(key).uploadId(upload))
            .parts()) {
      there.put(part.partNumber(), part.eTag());
    }
    List<CompletedPart> parts = new ArrayList<>();
    for (long at = 0; at < file.size(); at += partBytes) {
      int number = parts.size() + 1;
      FilePart part = FilePart.read(file, at, partBytes);
      String tag = there.getOrDefault(number, "");
      if (!bare(tag).equals(part.tag())) {
        tag =
            store
                .uploadPart(
                    ask ->
                        ask.bucket(place.bucket())
                            .key(key)
                            .uploadId(upload)
                            .partNumber(number)
                            .contentMD5(part.contentMd5()),
                    part.body())
                .eTag();
        bytesSent += part.length();
        said.accept("sent %s: part %s".formatted(key, number));
      }
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    }
    store.completeMultipartUpload(ask ->
        ask.bucket(place.bucket())
            .key(key)
            .uploadId(upload)
            .multipartUpload(all -> all.parts(parts)));
  }

  /** The upload that a killed export left of a key, else a new one. */
  private String upload(String key) {
    return store
        .listMultipartUploadsPaginator(ask -> ask.bucket(place.bucket()).prefix(key))
        .uploads()
        .stream()
        .filter(upload -> upload.key().equals(key))
        .max(Comparator.comparing(MultipartUpload::initiated))
        .map(MultipartUpload::uploadId)
        .orElseGet(() ->
            store.createMultipartUpload(ask -> ask.bucket(place.bucket()).key(key)).uploadId());
  }

  @Override
  public void close() {
    store.close();
  }
}
