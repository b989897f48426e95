/**
 * Tests of the deliverables: the jar (XIT, after package), the package table against the compiled
 * classes, the build files, and the commands and links in the documents.
 */
package io.hbagent.packaging;
