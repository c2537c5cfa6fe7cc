// The agent's side of the protocol against a model of the controller, over a link that is cut at random
// points: no byte is lost, none is stored twice, nothing starts twice, every attempt is closed. Seeds are
// fixed.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "agent/connection/attempts.hpp"
#include "tests/unit/agent/fake_runner.hpp"

namespace runbook::connection {
namespace {

using runner::FakeRunner;

constexpr Time kNow{std::chrono::hours(500'000)};

// What a controller has committed of one attempt.
struct Stored {
  std::string out;
  std::string err;
  bool started = false;
  bool closed = false;
  std::optional<Finished> finished;
};

class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) {}

  void play() {
    for (int step = 0; step < 4000 && !done(); ++step) turn(step < 2500);
  }

  void check() const {
    EXPECT_EQ(stored_.size(), kAttempts);
    for (const auto& [id, stored] : stored_) {
      EXPECT_TRUE(stored.closed);
      EXPECT_EQ(runner_.starts.at(id), 1);
      const auto& made = made_.at(id);
      EXPECT_EQ(stored.out, made.first);
      EXPECT_EQ(stored.err, made.second);
    }
    EXPECT_TRUE(attempts_.empty());
  }

 private:
  static constexpr std::size_t kAttempts = 5;

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }

  bool done() const {
    if (stored_.size() < kAttempts || !attempts_.empty()) return false;
    return std::all_of(stored_.begin(), stored_.end(), [](const auto& item) { return item.second.closed; });
  }

  void turn(bool cuts) {
    if (cuts && connected_ && chance(0.02)) return cut();
    if (!connected_) return connect();
    switch (below(5)) {
      case 0: return dispatch();
      case 1: return produce();
      case 2: return send();
      case 3: return deliver_up();
      default: return deliver_down();
    }
  }

  // Everything on its way is lost, in both directions, at any message.
  void cut() {
    connected_ = false;
    up_.clear();
    down_.clear();
    attempts_.disconnected();
  }

  void connect() {
    if (chance(0.5)) return produce();
    connected_ = true;
    Welcome welcome;
    std::map<Uuid, bool> told;
    for (const AttemptReport& report : attempts_.reports()) {
      told[report.attempt] = true;
      const Stored& stored = stored_[report.attempt];
      if (stored.closed) {
        welcome.close.push_back(report.attempt);
      } else {
        welcome.resume.push_back({report.attempt, stored.out.size(), stored.err.size()});
      }
    }
    attempts_.welcomed(welcome);
    for (const auto& [id, stored] : stored_) {
      if (!told.contains(id) && !stored.closed) down_.push_back(run(id));
    }
  }

  static RunCommand run(const Uuid& id) {
    RunCommand command;
    command.attempt = id;
    command.expires_at = kNow;
    return command;
  }

  void dispatch() {
    if (stored_.size() < kAttempts) {
      Uuid id;
      id.bytes[0] = static_cast<std::uint8_t>(stored_.size() + 1);
      stored_[id];
      down_.push_back(run(id));
    }
    // Copies of any dispatch may come at any time.
    if (chance(0.1)) {
      auto any = stored_.begin();
      std::advance(any, below(stored_.size()));
      if (!any->second.closed) down_.push_back(run(any->first));
    }
  }

  void produce() {
    if (runner_.processes.empty()) return;
    auto any = runner_.processes.begin();
    std::advance(any, below(runner_.processes.size()));
    auto& [id, process] = *any;
    if (!process->events) return;
    if (made_[id].first.empty() && made_[id].second.empty()) process->events->started(1, kNow);
    const std::size_t room = process->events->room();
    std::string bytes(std::min(room, below(chance(0.2) ? 100'000 : 300)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    const bool out = chance(0.6);
    if (!bytes.empty()) {
      (out ? made_[id].first : made_[id].second) += bytes;
      process->events->output(out ? Stream::kStdout : Stream::kStderr, bytes);
    }
    if (made_[id].first.size() > 100'000 && chance(0.1)) runner_.end(id, 0);
  }

  void send() {
    for (std::size_t i = below(4); i > 0; --i) {
      if (auto message = attempts_.next()) up_.push_back(std::move(*message));
    }
  }

  void deliver_up() {
    if (up_.empty()) return;
    const auto message = std::move(up_.front());
    up_.pop_front();
    if (message.binary) return store(decode_frame(message.data).value());
    const auto decoded = decode_agent_message(message.data).value();
    if (const auto* started = std::get_if<Started>(&decoded)) stored_[started->attempt].started = true;
    if (const auto* finished = std::get_if<Finished>(&decoded)) finish(*finished);
    EXPECT_FALSE(std::holds_alternative<Refused>(decoded));
  }

  // Within one connection frames continue each other exactly: no gap, no overlap.
  void store(const OutputFrame& frame) {
    Stored& stored = stored_[frame.attempt];
    std::string& bytes = frame.stream == Stream::kStdout ? stored.out : stored.err;
    EXPECT_TRUE(stored.started);
    EXPECT_EQ(frame.offset, bytes.size());
    bytes += frame.data;
    if (chance(0.7)) down_.push_back(Ack{frame.attempt, frame.stream, bytes.size()});
  }

  void finish(const Finished& finished) {
    Stored& stored = stored_[finished.attempt];
    EXPECT_EQ(finished.stdout_bytes, stored.out.size());
    EXPECT_EQ(finished.stderr_bytes, stored.err.size());
    Sha256 hash;
    hash.update(stored.out);
    EXPECT_EQ(finished.stdout_sha256, hash.hex());
    stored.closed = true;
    down_.push_back(Close{finished.attempt});
  }

  void deliver_down() {
    if (down_.empty()) return;
    const ControllerMessage message = std::move(down_.front());
    down_.pop_front();
    if (const auto* run = std::get_if<RunCommand>(&message)) attempts_.handle(*run);
    if (const auto* ack = std::get_if<Ack>(&message)) attempts_.handle(*ack);
    if (const auto* close = std::get_if<Close>(&message)) attempts_.handle(*close);
  }

  std::mt19937 random_;
  FakeRunner runner_;
  Attempts attempts_{
      runner_, {}, {[] { return kNow; }, [] { return BootTime(0); }}, runner::allow_all, [] {}};
  std::map<Uuid, Stored> stored_;
  std::map<Uuid, std::pair<std::string, std::string>> made_;
  std::deque<transport::WebSocketMessage> up_;
  std::deque<ControllerMessage> down_;
  bool connected_ = false;
};

TEST(AttemptsSimulation, LosesAndDoublesNoByteHoweverTheLinkIsCut) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    Simulation simulation(seed);
    simulation.play();
    simulation.check();
    if (testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace runbook::connection
