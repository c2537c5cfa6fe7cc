#include "tests/unit/engine/simulation/life.hpp"

#include <fmt/format.h>

#include "tests/unit/engine/execution_builder.hpp"

namespace runbook::simulation {
namespace {

using domain::ExecutionStatus;
using domain::StepStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kQuietTurns = 400;

class Life {
 public:
  Life(std::uint64_t seed, Bug bug)
      : random_(seed),
        created_(random_execution(random_)),
        oracle_(created_),
        database_(created_, oracle_),
        fleet_(1 + random_.pick(4), database_, oracle_, random_),
        controller_(database_, fleet_, oracle_, random_, bug) {
    controller_.start();
    for (auto& agent : fleet_.agents()) controller_.link(agent, now_);
  }

  LifeReport run() {
    const int faulty = 60 + static_cast<int>(random_.pick(160));
    for (turns_ = 0; turns_ < faulty && oracle_.violation().empty(); ++turns_) guarded([this] { happen(); });
    controller_.set_faults(false);
    if (!controller_.alive()) controller_.start();
    for (int quiet = 0; quiet < kQuietTurns && !is_over() && oracle_.violation().empty(); ++quiet, ++turns_)
      calm();
    if (!is_over()) oracle_.report("forever: the execution does not end: " + story());
    return {oracle_.violation(), story(), turns_, oracle_.edges(), met()};
  }

 private:
  bool is_over() const { return is_terminal(database_.state().status); }

  std::string story() const {
    std::string text(to_string(database_.state().status));
    for (const auto& step : database_.state().steps)
      text += fmt::format(" {}.{}:{}:{}", step.block.slug, step.attempt, step.block.type(),
                          to_string(step.status));
    return text;
  }

  std::set<std::string> met() const {
    auto met = seen_;
    met.insert(fmt::format("execution {}", to_string(database_.state().status)));
    for (const auto& step : database_.state().steps) {
      met.insert(fmt::format("{} {}", step.block.type(), to_string(step.status)));
      if (step.skip_cause) met.insert(fmt::format("skipped by {}", to_string(*step.skip_cause)));
      if (step.attempt > 1 && step.approval) met.insert("an approved command repeated");
      if (step.attempt > 1) met.insert(fmt::format("{} repeated", step.block.type()));
      if (step.tries.size() > 1)
        met.insert(step.repeatable ? "request repeated" : "request that never left repeated");
      if (step.approval && step.approval->given.size() > 1) met.insert("approved by two");
      for (const auto& attempt : step.attempts) {
        met.insert(fmt::format("attempt {}", to_string(attempt.status)));
        if (attempt.number > 1) met.insert(fmt::format("redispatched {}", to_string(attempt.status)));
      }
    }
    return met;
  }

  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (const Killed&) {
      die();
    }
  }

  void die() {
    controller_.kill();
    for (auto& agent : fleet_.agents()) fleet_.cut(agent, now_);
  }

  Agent& some_agent() {
    return fleet_.agents()[random_.pick(static_cast<std::uint32_t>(fleet_.agents().size()))];
  }

  void happen() {
    auto& agent = some_agent();
    switch (random_.pick(16)) {
      case 0:
      case 1:
      case 2:
      case 3: controller_.work(now_); break;
      case 4:
      case 5: fleet_.read(agent, true, now_); break;
      case 6: fleet_.work(agent, true); break;
      case 7:
      case 8:
        if (controller_.alive() && agent.linked && fleet_.tell(agent, true, now_)) controller_.notice(true);
        break;
      case 9: people(); break;
      case 10: links(agent); break;
      case 11: crashes(); break;
      case 12: controller_.answer(now_); break;
      case 13: controller_.notice(true); break;
      default: pass(random_.chance(6)); break;
    }
  }

  void links(Agent& agent) {
    if (agent.linked && random_.chance(3)) {
      if (random_.chance(4)) {
        fleet_.restart(agent, now_);
      } else {
        fleet_.cut(agent, now_);
      }
      if (controller_.alive()) controller_.notice(false);
    } else if (!agent.linked && controller_.alive()) {
      controller_.link(agent, now_);
    }
  }

  void crashes() {
    if (!controller_.alive()) return controller_.start();
    if (random_.chance(4)) die();
  }

  void pass(bool far) {
    const auto due = controller_.due();
    now_ += milliseconds(random_.pick(3000));
    const bool soon = due && *due < now_ + seconds(60);
    if (far && due && *due > now_ && (soon || random_.chance(12))) now_ = *due;
  }

  // A person does something, sensible or not, with or without looking first.
  void people() {
    const auto& state = database_.state();
    const auto& step = state.steps[random_.pick(static_cast<std::uint32_t>(state.steps.size()))];
    const auto who = random_.pick(4);
    const domain::Actor actor{testing::numbered(0x1, 1 + who), fmt::format("person {}", who),
                              !random_.chance(5)};
    const auto digest = step.approval && !random_.chance(6) ? step.approval->digest : std::string("another");
    domain::Control control = domain::Resume{};
    switch (random_.pick(20)) {
      case 0: control = domain::Pause{}; break;
      case 1:
      case 2:
      case 3: break;
      case 4:
        if (random_.chance(2)) control = domain::Stop{};
        break;
      case 5:
        if (random_.chance(3)) control = domain::Reject{step.id, "no"};
        break;
      case 6:
        if (random_.chance(2)) control = domain::Skip{step.id, "not now"};
        break;
      case 7:
      case 8:
      case 9: control = domain::Complete{step.id, "done"}; break;
      case 10:
      case 11:
      case 12: control = domain::Retry{step.id, {}}; break;
      default: control = domain::Approve{step.id, digest, ""}; break;
    }
    act(control, actor);
  }

  void act(const domain::Control& control, const domain::Actor& actor) {
    const auto new_id = [this] { return testing::numbered(0xD, ++last_id_); };
    const auto before = database_.state().status;
    const auto done = database_.control(control, actor, new_id, now_);
    if (done) seen_.insert(fmt::format("control {} while {}", control.index(), to_string(before)));
    if (done && (controller_.alive() && random_.chance(2))) controller_.notice(true);
  }

  // Nothing goes wrong any more, and people do what they are asked to.
  void calm() {
    for (auto& agent : fleet_.agents()) {
      if (!agent.linked) controller_.link(agent, now_);
      for (int i = 0; i < 4; ++i) fleet_.read(agent, false, now_);
      fleet_.work(agent, false);
      if (fleet_.tell(agent, false, now_)) controller_.notice(true);
    }
    const auto state = database_.state();
    for (const auto& step : state.steps) {
      for (std::uint32_t who = 1; who <= 4; ++who) {
        const domain::Actor actor{testing::numbered(0x1, who), "somebody", true};
        if (who == 1 && step.status == StepStatus::kAwaitingInput) act(domain::Complete{step.id, ""}, actor);
        if (step.status == StepStatus::kAwaitingApproval && step.approval)
          act(domain::Approve{step.id, step.approval->digest, ""}, actor);
      }
    }
    if (state.status == ExecutionStatus::kPaused)
      act(domain::Resume{}, {testing::numbered(0x1, 1), "somebody", true});
    if (database_.version() != noticed_) controller_.notice(true);
    noticed_ = database_.version();
    controller_.answer(now_);
    controller_.work(now_);
    controller_.work(now_);
    const auto due = controller_.due();
    now_ = due && *due > now_ + seconds(2) ? *due : now_ + seconds(2);
  }

  Randomness random_;
  domain::ExecutionState created_;
  Oracle oracle_;
  Database database_;
  Fleet fleet_;
  Controller controller_;
  Time now_ = Time{std::chrono::hours{24}};
  std::uint32_t last_id_ = 0;
  std::uint64_t noticed_ = 0;
  std::set<std::string> seen_;
  int turns_ = 0;
};

}  // namespace

LifeReport live(std::uint64_t seed, Bug bug) { return Life(seed, bug).run(); }

}  // namespace runbook::simulation
