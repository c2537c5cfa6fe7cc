// An agent with a good certificate that says everything it must not, to a controller as it is. After each
// message the link has to be closed, or the message without effect; the controller goes on serving others and
// opens none of the files it is told of.
#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "protocol/messages/frame.hpp"
#include "tests/integration/fleet/real_fleet.hpp"

namespace runbook::testing {
namespace {

using std::chrono_literals::operator""s;

// A folder with a file nobody has a reason to open; tells when somebody does.
class Canary {
 public:
  Canary() : folder_(new_folder()), watch_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    std::ofstream(file()) << "canary";
    ::inotify_add_watch(watch_, folder_.c_str(), IN_ALL_EVENTS);
  }
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;
  ~Canary() {
    ::close(watch_);
    std::filesystem::remove_all(folder_);
  }
  std::string file() const { return folder_ / "secret"; }
  bool touched() const {
    char events[4096];
    return ::read(watch_, events, sizeof events) > 0;
  }

 private:
  std::filesystem::path folder_;
  int watch_;
};

enum class Then { kCut, kNothing };

struct Hostile {
  std::string name;
  std::string data;
  Then then = Then::kCut;
  bool first = false;  // instead of Hello
  bool binary = false;
};

struct Known {
  TestAgent rogue;
  Uuid own;      // the rogue's attempt
  Uuid victims;  // another agent's
  std::string path;
};

std::string damaged(std::string frame, std::size_t at, char byte) {
  frame[at] = byte;
  return frame;
}

std::string report(const char* type, const std::string& attempt, const std::string& more) {
  return fmt::format(R"({{"type":"{}","attempt":"{}"{}}})", type, attempt, more);
}

std::string finished(const std::string& attempt, const std::string& changed = "") {
  const std::string digest(64, '0');
  return report("finished", attempt,
                fmt::format(R"(,"cause":"exit","exit_code":0,"stdout_bytes":0,"stderr_bytes":0,)"
                            R"("stdout_sha256":"{0}","stderr_sha256":"{0}","leftovers":0,"reason":"",)"
                            R"("output_drained":true,"started_at":"2026-01-01T00:00:00Z",)"
                            R"("ended_at":"2026-01-01T00:00:01Z"{1})",
                            digest, changed));
}

const std::string kStarted = R"(,"pid":1,"at":"2026-01-01T00:00:00Z")";

std::string hello_with(const Known& known, const std::string& attempts) {
  const auto& rogue = known.rogue;
  return fmt::format(
      R"({{"type":"hello","agent_version":"1","os":"x","arch":"x","hostname":"x","boot_id":"x",)"
      R"("incarnation":"{}","attempts":{}}})",
      rogue.incarnation.str(), attempts);
}

std::string attempt_report(const Uuid& attempt, const std::string& bytes = "0") {
  return fmt::format(
      R"([{{"attempt":"{}","started":true,"finished":false,"stdout_bytes":{},"stderr_bytes":0}}])",
      attempt.str(), bytes);
}

std::vector<Hostile> first_messages(const Known& known) {
  std::vector<Hostile> all = {
      {"nothing", ""},
      {"no JSON", "hello"},
      {"half of a document", R"({"type":"hello")"},
      {"an array", "[]"},
      {"a number", "7"},
      {"no type", "{}"},
      {"a type that is none", R"({"type":7})"},
      {"a type nobody knows", R"({"type":"__proto__"})"},
      {"reads a file", R"({"type":"read_file","path":")" + known.path + R"("})"},
      {"makes a folder", R"({"type":"mkdir","path":")" + known.path + R"("})"},
      {"runs a command", R"({"type":"exec","argv":["/bin/cat",")" + known.path + R"("]})"},
      {"a controller's message", R"({"type":"welcome","controller_version":"1","resume":[],"close":[]})"},
      {"a controller's order", R"({"type":"close","attempt":")" + known.victims.str() + R"("})"},
      {"a report before hello", report("started", known.own.str(), kStarted)},
      {"hello without its members", R"({"type":"hello"})"},
      {"hello with a path for an incarnation",
       R"({"type":"hello","agent_version":"1","os":"","arch":"","hostname":"","boot_id":"","incarnation":")" +
           known.path + R"(","attempts":[]})"},
      {"attempts that are no list", hello_with(known, "{}")},
      {"attempts that are paths", hello_with(known, R"([{"attempt":")" + known.path + R"("}])")},
      {"less than no output", hello_with(known, attempt_report(known.own, "-1"))},
      {"more output than there can be", hello_with(known, attempt_report(known.own, "1e308"))},
      {"another agent's attempt", hello_with(known, attempt_report(known.victims))},
      {"thousands of levels", std::string(100'000, '[')},
      {"thousands of levels of objects",
       [] {
         std::string text;
         for (int i = 0; i < 50'000; ++i) text += R"({"a":)";
         return text;
       }()},
      {"no UTF-8", std::string("{\"type\":\"\xff\xfe\"}")},
      {"more than a message may have", std::string(limits::kWebSocketMessageBytes + 1, ' ')},
      {"bytes", std::string(40, '\0'), Then::kCut, true, true},
  };
  for (auto& one : all) one.first = true;
  return all;
}

std::vector<Hostile> reports(const Known& known) {
  const auto own = known.own.str();
  const auto victim = known.victims.str();
  const auto nobody = std::string("00000000-0000-4000-8000-000000000000");
  return {
      {"a second hello", hello_with(known, "[]")},
      {"started, another's", report("started", victim, kStarted)},
      {"refused, another's", report("refused", victim, R"(,"code":"x","reason":"y")")},
      {"finished, another's", finished(victim)},
      {"started, nobody's", report("started", nobody, kStarted)},
      {"refused, nobody's", report("refused", nobody, R"(,"code":"x","reason":"y")")},
      {"finished, nobody's", finished(nobody)},
      {"a path for an attempt", report("started", "../../../../" + known.path, kStarted)},
      {"a number for an attempt", R"({"type":"started","attempt":7,"pid":1,"at":"2026-01-01T00:00:00Z"})"},
      {"no attempt", R"({"type":"started","pid":1,"at":"2026-01-01T00:00:00Z"})"},
      {"a time that is none", report("started", own, R"(,"pid":1,"at":"yesterday")")},
      {"a process that is a text", report("started", own, R"(,"pid":"1","at":"2026-01-01T00:00:00Z")")},
      {"a cause nobody knows", finished(own, R"(,"cause":"file:///etc/passwd")")},
      {"less than no bytes", finished(own, R"(,"stdout_bytes":-5)")},
      {"a fraction of a byte", finished(own, R"(,"stdout_bytes":0.5)")},
      {"an exit code that is a text", finished(own, R"(,"exit_code":"0")")},
      {"an exit code past any", finished(own, R"(,"exit_code":99999999999999999999)")},
      {"a digest that is a path", finished(own, R"(,"stdout_sha256":")" + known.path + R"(")")},
      {"output nobody has seen", finished(own, R"(,"stdout_bytes":18446744073709551615)")},
      {"trailing garbage", report("started", own, kStarted) + "}"},
      {"two documents", report("started", own, kStarted) + report("started", own, kStarted)},
      {"a comment", "/* */" + report("started", own, kStarted)},
      {"no number", report("started", own, R"(,"pid":NaN,"at":"2026-01-01T00:00:00Z")")},
      {"a kept path", R"({"type":"started","path":")" + known.path + R"("})"},
  };
}

std::vector<Hostile> frames(const Known& known) {
  const auto frame = encode_frame(known.own, Stream::kStdout, 0, "data");
  const auto mine = [&](std::uint64_t offset, const std::string& data) {
    return encode_frame(known.own, Stream::kStdout, offset, data);
  };
  std::vector<Hostile> all = {
      {"no bytes", ""},
      {"half of a head", frame.substr(0, 16)},
      {"a head alone", frame.substr(0, kFrameHeaderBytes)},
      {"another version", damaged(frame, 0, 9)},
      {"no stream", damaged(frame, 1, 0)},
      {"a third stream", damaged(frame, 1, 3)},
      {"a wrong checksum", damaged(frame, kFrameHeaderBytes, 'x')},
      {"more than a frame may have", mine(0, std::string(limits::kFrameDataBytes + 1, 'x'))},
      {"past what came", mine(1'000'000, "data")},
      {"at the end of all numbers", mine(~std::uint64_t{0}, "data")},
      {"another's output", encode_frame(known.victims, Stream::kStdout, 0, "lies")},
      {"nobody's output",
       encode_frame(*Uuid::parse("00000000-0000-4000-8000-000000000000"), Stream::kStderr, 0, known.path)},
      {"a path for output", known.path},
  };
  for (auto& one : all) one.binary = true;
  return all;
}

// Nothing that harms; a second hello then ends the link, which shows that they were read.
std::vector<Hostile> harmless(const Known& known) {
  return {
      {"unknown members",
       report("started", known.own.str(),
              kStarted + R"(,"path":")" + known.path + R"(","agent_id":")" + known.victims.str() + R"(")"),
       Then::kNothing},
      {"a reason as long as a message",
       report("refused", known.own.str(),
              R"(,"code":"x","reason":")" + std::string(limits::kWebSocketMessageBytes - 500, 'y') + R"(")"),
       Then::kNothing},
  };
}

class RogueAgent : public RealFleet {
 protected:
  boost::asio::awaitable<bool> suffers(Known& known, const std::string& url, const Hostile& one) {
    auto& rogue = known.rogue;
    const bool connected = co_await rogue.connect(url);
    if (!connected) co_return false;
    if (!one.first) {
      rogue.say(rogue.hello());
      const auto welcome = co_await rogue.hear();
      if (!welcome) co_return false;
    }
    if (one.binary) {
      rogue.say_bytes(one.data);
    } else {
      rogue.say_text(one.data);
    }
    if (one.then == Then::kNothing) rogue.say(rogue.hello());
    co_return co_await rogue.cut_within(20s);
  }

  std::int64_t refusals() { return count("SELECT count(*) FROM audit_event WHERE action = 'agent.refused'"); }

  Canary canary_;
};

TEST_F(RogueAgent, GetsNothingForSixtyHostileMessages) {
  auto& controller = start_controller();
  auto victim = add_agent("victim");
  Known known{add_agent("rogue"), {}, {}, canary_.file()};
  ASSERT_TRUE(call(victim.greet(controller.url())));
  ASSERT_TRUE(call(known.rogue.greet(controller.url())));
  const auto runbook = add_runbook(
      R"([{"name": "Do", "type": "command", "config": {"command": "true", "approval": "none"}}])");
  execute(controller, runbook, {"victim", "rogue"});
  const auto order = call(victim.hear_run());
  const auto own = call(known.rogue.hear_run());
  ASSERT_TRUE(order && own);
  known.own = own->attempt;
  known.victims = order->attempt;

  std::size_t cases = 0;
  for (const auto& table : {first_messages(known), frames(known), reports(known), harmless(known)}) {
    for (const auto& one : table) {
      EXPECT_TRUE(call(suffers(known, controller.url(), one))) << one.name;
      EXPECT_EQ(status_of_attempt(known.victims), "dispatched") << one.name;
      ++cases;
    }
  }
  EXPECT_GE(cases, 60U);
  EXPECT_FALSE(canary_.touched());
  EXPECT_GE(refusals(), 5);  // every message about the victim's attempt
  RecordProperty("messages", static_cast<int>(cases));

  // The victim's link was there all the time, and its results count.
  victim.say(Started{known.victims, 1, {}});
  Finished done;
  done.attempt = known.victims;
  done.exit_code = 0;
  done.stdout_sha256 = done.stderr_sha256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  victim.say(done);
  run_until([&] { return status_of_attempt(known.victims) == "success"; });
  EXPECT_EQ(count("SELECT count(*) FROM output_chunk"), 0);
}

}  // namespace
}  // namespace runbook::testing
