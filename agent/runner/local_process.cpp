#include "agent/runner/local_process.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "protocol/runtime/logging.hpp"

namespace runbook::runner {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kFirstLook{1};  // between looks at a tree that should be empty soon
constexpr std::chrono::milliseconds kSlowestLook{50};

Time wall_clock() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

const NotStarted& stopped_first() {
  static const NotStarted why{"stopped", "A stop was asked for before the command was started."};
  return why;
}

}  // namespace

LocalProcess::LocalProcess(RunnerContext& context, Command command, std::shared_ptr<ProcessEvents> events)
    : context_(context),
      command_(std::move(command)),
      events_(std::move(events)),
      changed_(context.executor) {
  if (command_.timeout <= std::chrono::milliseconds(0)) command_.timeout = limits::kStepTimeoutDefault;
}

void LocalProcess::stop(std::chrono::milliseconds grace) {
  if (exit_) {
    hurry_ = true;
  } else {
    begin_stop(EndCause::kStop, grace);
  }
  changed_.notify();
}

void LocalProcess::begin_stop(EndCause cause, std::chrono::milliseconds grace) {
  if (!cause_) cause_ = cause;
  kill_at_ = std::min(kill_at_, Clock::now() + std::max(grace, std::chrono::milliseconds(0)));
}

void LocalProcess::read_on() {
  if (out_) out_->read_on();
  if (err_) err_->read_on();
}

asio::awaitable<void> LocalProcess::run(std::shared_ptr<LocalProcess> self, runtime::TaskGroup& tasks) {
  std::exception_ptr fault;
  try {
    co_await self->live(tasks);
  } catch (...) {
    fault = std::current_exception();
  }
  // Only a lack of memory or descriptors in mid-run gets here; the attempt still has to end for its owner.
  if (fault) self->kill_after_fault();
  self->events_.reset();
  if (fault) std::rethrow_exception(fault);
}

asio::awaitable<void> LocalProcess::live(runtime::TaskGroup& tasks) {
  auto refused = co_await prepare();
  if (!refused && cause_) refused = stopped_first();
  if (!refused) refused = fork();
  if (!refused) {
    tasks.spawn("status", watch_status(shared_from_this(), tasks));
    co_await until_main_ended();
    while (exit_ && !status_known_) co_await changed_.wait();
    if (failure_) refused = describe(*failure_, image_, account_);
  }
  if (refused) {
    co_await remove_credentials();
    refuse(std::move(*refused));
    co_await release();
    co_return;
  }
  co_await drain();
  co_await clear_tree();
  co_await read_the_rest();
  ended_at_ = wall_clock();
  co_await remove_credentials();
  end(ending());
  co_await release();
}

asio::awaitable<std::optional<NotStarted>> LocalProcess::prepare() {
  auto job = [this] { return prepare_here(); };
  co_return co_await context_.disk.run(job);
}

// On the disk thread.
std::optional<NotStarted> LocalProcess::prepare_here() {
  if (auto fine = check(command_); !fine) return fine.error();
  auto account = account_for(command_.run_as, context_.own);
  if (!account) return account.error();
  account_ = std::move(*account);
  try {
    keep_secrets();
    if (needs_script_file(command_)) {
      const std::string& folder = context_.settings.temporary_directory;
      script_file_ = std::make_unique<ScriptFile>(folder, command_.script, account_);
    }
    tree_ = context_.trees.make(command_.attempt);
  } catch (const std::system_error& error) {
    return NotStarted{"spawn_failed", fmt::format("The command cannot be prepared: {}.", error.what())};
  } catch (const std::invalid_argument& error) {
    return NotStarted{"invalid", error.what()};
  }
  const std::string script = script_file_ ? script_file_->path() : std::string();
  image_ = make_image(command_, account_, script, context_.settings.command_tmpdir);
  return std::nullopt;
}

// What a command is given to keep: files for its credentials, and a masker for all of it.
void LocalProcess::keep_secrets() {
  auto secrets = std::move(command_.secrets);
  for (const auto& credential : command_.credentials) secrets.push_back(credential.secret);
  if (auto masker = std::make_unique<Masker>(secrets); !masker->empty()) masker_ = std::move(masker);
  if (command_.credentials.empty()) return;
  const auto& settings = context_.settings;
  credential_files_ = std::make_unique<CredentialFiles>(
      settings.credential_directory, settings.credential_prefix, command_.credentials, account_);
  for (const auto& [name, path] : credential_files_->variables()) command_.environment[name] = path;
  command_.credentials.clear();
}

std::optional<NotStarted> LocalProcess::fork() {
  try {
    Spawned child = spawn(image_, account_, tree_->cgroup_fd());
    pid_ = child.pid;
    tree_->set_main(pid_);
    const auto ended = [weak = weak_from_this()](const ExitStatus& status) {
      const auto self = weak.lock();
      if (!self) return;
      self->exit_ = status;
      self->changed_.notify();
    };
    context_.reaper.watch(pid_, ended);
    deadline_ = Clock::now() + command_.timeout;
    status_.emplace(context_.executor, child.status.release());
    out_.emplace(context_.executor, Stream::kStdout, std::move(child.out), masker_.get());
    err_.emplace(context_.executor, Stream::kStderr, std::move(child.err), masker_.get());
    return std::nullopt;
  } catch (const std::system_error& error) {
    return NotStarted{"spawn_failed", fmt::format("No process can be started: {}.", error.what())};
  }
}

asio::awaitable<void> LocalProcess::watch_status(std::shared_ptr<LocalProcess> self,
                                                 runtime::TaskGroup& tasks) {
  boost::system::error_code ignored;
  co_await self->status_->async_wait(asio::posix::descriptor_base::wait_read,
                                     asio::redirect_error(asio::use_awaitable, ignored));
  self->failure_ = read_status(self->status_->native_handle());
  self->status_->close(ignored);
  self->status_known_ = true;
  if (!self->failure_) self->start_reading(tasks);
  self->changed_.notify();
}

void LocalProcess::start_reading(runtime::TaskGroup& tasks) {
  started_at_ = wall_clock();
  events_->started(pid_, started_at_);
  tasks.spawn("stdout", read(shared_from_this(), *out_));
  tasks.spawn("stderr", read(shared_from_this(), *err_));
}

asio::awaitable<void> LocalProcess::read(std::shared_ptr<LocalProcess> self, OutputPipe& pipe) {
  const auto events = self->events_;
  co_await pipe.read_all(*events, self->context_.buffer);
  self->changed_.notify();
}

asio::awaitable<void> LocalProcess::until_main_ended() {
  Clock::time_point give_up = Clock::time_point::max();
  while (!exit_) {
    const auto now = Clock::now();
    if (!cause_ && now >= deadline_) begin_stop(EndCause::kTimeout, command_.stop_grace);
    if (cause_ && !terminated_) {
      co_await terminate_tree();
    } else if (cause_ && now >= kill_at_) {
      give_up = std::min(give_up, now + context_.settings.stop_confirm);
      if (now >= give_up) co_return;  // not even SIGKILL ends it: it hangs in the kernel
      co_await kill_tree();
      if (!exit_) co_await changed_.wait_until(std::min(Clock::now() + kSlowestLook, give_up));
    } else {
      const auto next = cause_ ? kill_at_ : deadline_;
      co_await changed_.wait_until(next);
    }
  }
}

bool LocalProcess::output_ended() const { return out_->ended() && err_->ended(); }

// The receiver's lack of room is no reason to cut: only the wait for a process that keeps a pipe is bounded,
// and what lies in the pipes then is read by read_the_rest().
asio::awaitable<void> LocalProcess::drain() {
  const auto limit = Clock::now() + context_.settings.output_drain;
  while (!cause_ && !hurry_ && exit_ && !output_ended()) {
    if (Clock::now() >= limit) {
      drain_cut_ = true;
      co_return;
    }
    co_await changed_.wait_until(limit);
  }
}

asio::awaitable<void> LocalProcess::clear_tree() {
  ProcessTree* const tree = tree_.get();
  auto count = [tree] { return tree->alive(); };
  const auto kill_at = cause_ ? kill_at_ : Clock::now();
  const auto give_up = std::max(Clock::now(), kill_at) + context_.settings.stop_confirm;
  auto pause = kFirstLook;
  while (true) {
    leftovers_ = co_await context_.disk.run(count);
    const auto now = Clock::now();
    if (leftovers_ == 0 || now >= give_up) co_return;
    left_some_ = true;
    if (!cause_) left_behind_ = std::max(left_behind_, leftovers_);
    // A later stop with a shorter grace brings the kill forward.
    if (now >= std::min(kill_at, kill_at_)) co_await kill_tree();
    co_await changed_.wait_until(Clock::now() + pause);
    pause = std::min(pause * 2, kSlowestLook);
  }
}

asio::awaitable<void> LocalProcess::read_the_rest() {
  out_->finish();
  err_->finish();
  while (!output_ended()) co_await changed_.wait();
}

// Before the end is told: then nothing of them is left.
asio::awaitable<void> LocalProcess::remove_credentials() {
  if (!credential_files_) co_return;
  auto job = [this] { credential_files_.reset(); };
  co_await context_.disk.run(job);
}

// Tree, script file and their folders go on the disk thread.
asio::awaitable<void> LocalProcess::release() {
  auto job = [this] {
    tree_.reset();
    script_file_.reset();
  };
  co_await context_.disk.run(job);
}

asio::awaitable<void> LocalProcess::terminate_tree() {
  terminated_ = true;
  ProcessTree* const tree = tree_.get();
  auto job = [tree] {
    tree->signal(SIGTERM);
    tree->signal(SIGCONT);  // a stopped process gets its TERM only when it goes on
  };
  co_await context_.disk.run(job);
}

asio::awaitable<void> LocalProcess::kill_tree() {
  ProcessTree* const tree = tree_.get();
  auto job = [tree] { tree->kill(); };
  co_await context_.disk.run(job);
}

Ending LocalProcess::ending() const {
  Ending result;
  result.cause = EndCause::kExit;
  if (exit_) {
    result.exit_code = exit_->exit_code;
    result.signal = exit_->signal;
    if (exit_->signal) result.cause = EndCause::kSignal;
  }
  if (cause_) result.cause = *cause_;
  result.leftovers = static_cast<std::int64_t>(leftovers_);
  result.ended_with_it = static_cast<std::int64_t>(left_behind_ - std::min(left_behind_, leftovers_));
  const bool cut_short = drain_cut_ && left_some_;
  result.output_drained = !cut_short && out_->reached_end() && err_->reached_end();
  result.started_at = started_at_;
  result.ended_at = ended_at_;
  return result;
}

void LocalProcess::end(const Ending& ending) {
  told_ = true;
  events_->ended(ending);
}

void LocalProcess::refuse(NotStarted why) {
  told_ = true;
  if (masker_) why.reason = masker_->mask(why.reason);
  events_->not_started(std::move(why));
}

void LocalProcess::kill_after_fault() {
  if (told_) return;
  if (pid_ < 0) return refuse({"spawn_failed", "The agent had no resources to start the command."});
  context_.reaper.forget(pid_);
  if (tree_) tree_->kill();
  if (!exit_) ::kill(pid_, SIGKILL);
  exit_ = ExitStatus{std::nullopt, SIGKILL};
  drain_cut_ = true;
  left_some_ = true;
  ended_at_ = wall_clock();
  end(ending());
}

}  // namespace runbook::runner
