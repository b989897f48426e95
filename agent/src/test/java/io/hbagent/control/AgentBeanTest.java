package io.hbagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import org.junit.jupiter.api.Test;

/** The attributes of the bean: of the types it declares, and each from its own place. */
class AgentBeanTest {

  private static final Map<String, String> WATCHDOG =
      Map.ofEntries(
          Map.entry("Watched", "watched"),
          Map.entry("HalfOpenNow", "half-open-now"),
          Map.entry("HalfOpenEver", "half-open-ever"),
          Map.entry("UnansweredProbes", "unanswered-probes"),
          Map.entry("UnacknowledgedData", "unacknowledged-data"),
          Map.entry("Recovered", "recovered"),
          Map.entry("DeadByTimeout", "dead-timeout"),
          Map.entry("DeadByReset", "dead-reset"),
          Map.entry("ClosedHalfOpen", "closed"),
          Map.entry("HalfClosed", "half-closed"),
          Map.entry("LongestHalfOpenMillis", "longest-ms"));

  private static AgentBean bean(Report report) {
    return new AgentBean(request -> report.toString());
  }

  @Test
  void theWatchdogsCountersAreNumbers() throws AttributeNotFoundException {
    Report report = Report.ok();
    Report.Entry record = report.add("watchdog");
    Map<String, Long> values = new HashMap<>();
    for (String name : WATCHDOG.values()) {
      values.put(name, values.size() + 1L);
      record.add(name, values.get(name));
    }
    for (Map.Entry<String, String> each : WATCHDOG.entrySet()) {
      assertEquals(values.get(each.getValue()), bean(report).getAttribute(each.getKey()));
    }
  }

  @Test
  void aWatchdogThatWasNeverOnHasCountedNothing() throws AttributeNotFoundException {
    for (String name : WATCHDOG.keySet()) {
      assertEquals(0L, bean(Report.ok()).getAttribute(name), name);
    }
  }

  @Test
  void everyAttributeIsOfItsDeclaredType() {
    Map<String, String> types = new HashMap<>();
    AgentBean bean = bean(Report.ok());
    for (MBeanAttributeInfo attribute : bean.getMBeanInfo().getAttributes()) {
      types.put(attribute.getName(), attribute.getType());
    }
    assertTrue(types.keySet().containsAll(WATCHDOG.keySet()));
    String[] names = types.keySet().toArray(new String[0]);
    for (Attribute attribute : bean.getAttributes(names).asList()) {
      String type = attribute.getValue() instanceof Long ? "long" : "java.lang.String";
      assertEquals(type, types.remove(attribute.getName()), attribute.getName());
    }
    assertTrue(types.isEmpty(), types::toString);
  }
}
