/**
 * What is handed out and what it is made of: the jar as the operator gets it (XIT, after package),
 * the map of packages against the compiled classes, the build files, the commands the documents
 * name.
 */
package io.hbagent.packaging;
