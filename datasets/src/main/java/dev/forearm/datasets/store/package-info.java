/**
 * Datasets in object storage that speaks S3. {@link dev.forearm.datasets.store.DatasetUpload} sends
 * one so that what is up is not sent again, whoever was killed. On the caller's thread.
 */
@NullMarked
package dev.forearm.datasets.store;

import org.jspecify.annotations.NullMarked;
