/**
 * Why a connection hangs: facts of the kernel, of the policy and of the threads in, one verdict of
 * a closed list out. Pure: no system call, no clock. And the ending of connections.
 */
package io.hbagent.diagnose;
