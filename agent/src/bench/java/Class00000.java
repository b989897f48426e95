import java.util.ArrayList;
import java.util.List;

/** The class of which ten thousand copies are loaded; it has the size of a usual small class. */
public class Class00000 {
  private final List<String> names = new ArrayList<>();
  private int count;

  public void add(String name) {
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException("a name is needed");
    }
    names.add(name);
    count++;
  }

  public int count() {
    return count;
  }

  public String first() {
    return names.isEmpty() ? null : names.get(0);
  }

  @Override
  public String toString() {
    return count + " " + names;
  }
}
