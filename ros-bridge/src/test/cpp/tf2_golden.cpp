// Writes what ROS 2's own tf2 makes of made-up transforms, for TransformGoldenTest: every line is
// something that was told or asked, and behind it what tf2::BufferCore answered.
//
//   source /opt/ros/jazzy/setup.bash    (tf2 0.36; its sources in $TF2)
//   c++ -std=c++17 -O1 tf2_golden.cpp $TF2/src/{buffer_core,cache,static_cache,time}.cpp -I$TF2/include \
//     $(printf -- "-isystem $AMENT_PREFIX_PATH/include/%s " rcutils geometry_msgs std_msgs \
//       builtin_interfaces rosidl_runtime_cpp rosidl_runtime_c rosidl_typesupport_interface) \
//     -L$AMENT_PREFIX_PATH/lib -lrcutils -o tf2_golden
//   ./tf2_golden > ../resources/golden/transforms.txt 2>/dev/null
//
//   tell moving|static STAMP PARENT CHILD X Y Z QX QY QZ QW = taken|refused
//   ask TARGET SOURCE STAMP = STAMP X Y Z QX QY QZ QW   or   = the exception's name

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "tf2/buffer_core.h"

static std::mt19937 random_bits(20261128);
static tf2::BufferCore buffer(std::chrono::seconds(10));

static double uniform(double low, double high) {
  return low + (high - low) * (random_bits() / 4294967296.0);
}

static void tell(bool fixed, int64_t stamp, const std::string &parent, const std::string &child,
                 std::vector<double> t) {
  geometry_msgs::msg::TransformStamped m;
  m.header.stamp.sec = static_cast<int32_t>(stamp / 1000000000);
  m.header.stamp.nanosec = static_cast<uint32_t>(stamp % 1000000000);
  m.header.frame_id = parent;
  m.child_frame_id = child;
  m.transform.translation.x = t[0];
  m.transform.translation.y = t[1];
  m.transform.translation.z = t[2];
  m.transform.rotation.x = t[3];
  m.transform.rotation.y = t[4];
  m.transform.rotation.z = t[5];
  m.transform.rotation.w = t[6];
  bool taken = buffer.setTransform(m, "golden", fixed);
  std::printf("tell %s %lld %s %s", fixed ? "static" : "moving", static_cast<long long>(stamp),
              parent.c_str(), child.c_str());
  for (double v : t) std::printf(" %.17g", v);
  std::printf(" = %s\n", taken ? "taken" : "refused");
}

static std::vector<double> anywhere() {
  double q[4];
  double squared = 0;
  for (double &v : q) {
    v = uniform(-1, 1);
    squared += v * v;
  }
  double length = std::sqrt(squared);
  return {uniform(-2, 2), uniform(-2, 2), uniform(-2, 2),
          q[0] / length,  q[1] / length,  q[2] / length,  q[3] / length};
}

static void ask(const std::string &target, const std::string &source, int64_t stamp) {
  std::printf("ask %s %s %lld = ", target.c_str(), source.c_str(), static_cast<long long>(stamp));
  try {
    auto m = buffer.lookupTransform(target, source, tf2::TimePoint(std::chrono::nanoseconds(stamp)));
    std::printf("%lld %.17g %.17g %.17g %.17g %.17g %.17g %.17g\n",
                m.header.stamp.sec * 1000000000LL + m.header.stamp.nanosec,
                m.transform.translation.x, m.transform.translation.y, m.transform.translation.z,
                m.transform.rotation.x, m.transform.rotation.y, m.transform.rotation.z,
                m.transform.rotation.w);
  } catch (const tf2::NoDataForExtrapolationException &) {
    std::printf("NoDataForExtrapolation\n");
  } catch (const tf2::BackwardExtrapolationException &) {
    std::printf("BackwardExtrapolation\n");
  } catch (const tf2::ForwardExtrapolationException &) {
    std::printf("ForwardExtrapolation\n");
  } catch (const tf2::ConnectivityException &) {
    std::printf("Connectivity\n");
  } catch (const tf2::LookupException &) {
    std::printf("Lookup\n");
  }
}

int main() {
  const int64_t second = 1000000000;
  const int64_t start = 1700000000LL * second;
  // world - base - shoulder - elbow - tool - camera, cube in the camera; a tree of its own: other.
  const std::vector<std::string> chain = {"world", "base", "shoulder", "elbow", "tool", "camera", "cube"};
  std::vector<std::string> all = chain;
  for (const char *name : {"mount", "other", "other_root", "once", "nowhere"}) all.push_back(name);

  tell(true, 0, "world", "base", anywhere());
  tell(true, 0, "tool", "camera", anywhere());
  tell(true, start, "base", "mount", anywhere());
  tell(false, start, "other_root", "other", anywhere());
  tell(false, start + second, "other_root", "other", anywhere());
  tell(false, start + second, "base", "once", anywhere());

  const std::vector<int> moving = {2, 3, 4, 6};  // in the chain, each with a rate of its own
  std::vector<int64_t> due = {start, start + 3000000, start - 7000000, start + 1000000};
  const std::vector<int64_t> period = {74000000, 102000000, 290000000, 242000000};
  for (int64_t now = start; now < start + 16 * second; now += 100000000) {
    for (size_t i = 0; i < moving.size(); i++) {
      while (due[i] <= now) {
        int64_t stamp = due[i];
        double odd = uniform(0, 1);
        if (odd < 0.05) stamp -= static_cast<int64_t>(uniform(0, 12) * second);  // late, or too late
        std::string parent = chain[moving[i] - 1];
        if (moving[i] == 6 && odd > 0.8) parent = "mount";  // somebody holds it now
        std::vector<double> t = anywhere();
        tell(false, stamp, parent, chain[moving[i]], t);
        if (odd > 0.97) tell(false, stamp, parent, chain[moving[i]], t);           // twice
        if (odd > 0.95) tell(false, stamp, parent, chain[moving[i]], anywhere());  // otherwise
        due[i] += period[i];
      }
    }
    for (int k = 0; k < 5; k++) {
      std::string target = all[random_bits() % all.size()];
      std::string source = all[random_bits() % all.size()];
      double when = uniform(0, 1);
      int64_t stamp = when < 0.25 ? 0 : now - static_cast<int64_t>(uniform(-0.3, 1.2) * second);
      if (when > 0.85) stamp = now - static_cast<int64_t>(uniform(0, 13) * second);
      if (when > 0.8 && when < 0.85) stamp = due[0] - period[0];
      ask(target, source, stamp);
    }
  }

  std::vector<double> t = anywhere();
  tell(false, start, "base", "base", t);
  tell(false, start, "/base", "base", t);
  tell(false, start, "/base", "/slashed", t);
  ask("base", "slashed", start);
  t[6] += 0.2;
  tell(false, start, "base", "long", t);
  ask("base", "long", start);
  t = anywhere();
  t[1] = std::nan("");
  tell(false, start, "base", "nan", t);
  tell(false, start + 20 * second, "base", "mount", anywhere());  // was static
  tell(true, 0, "world", "tool", anywhere());                     // was moving
  for (const std::string &source : all) ask("world", source, 0);
  for (const std::string &source : all) ask("mount", source, start + 20 * second);

  tell(false, start, "ring_c", "ring_a", anywhere());
  tell(false, start, "ring_a", "ring_b", anywhere());
  tell(false, start, "ring_b", "ring_c", anywhere());
  ask("ring_a", "ring_b", start);
  ask("ring_b", "ring_a", start);
  ask("base", "ring_a", start);
  ask("base", "ring_a", 0);
  ask("ring_a", "base", start);
  ask("ring_a", "base", 0);
}
