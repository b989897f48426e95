/**
 * What to set on which connection: policy, rules, the decision, and applying it. Uses {@code tcp}.
 * {@link io.hbagent.keepalive.KeepaliveManager} is the way in; {@link io.hbagent.keepalive.Rules}
 * decides and is pure.
 */
package io.hbagent.keepalive;
