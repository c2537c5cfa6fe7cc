#include "tests/integration/agent/child_program.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace runbook::connection {
namespace {

constexpr int kSignalled = 128;

}  // namespace

ChildProgram::ChildProgram(const std::vector<std::string>& argv)
    : output_(::memfd_create("output", MFD_CLOEXEC)) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ > 0) return;
  ::dup2(output_, STDOUT_FILENO);
  ::dup2(output_, STDERR_FILENO);
  ::execv(words[0], words.data());
  ::_exit(127);
}

ChildProgram::~ChildProgram() {
  if (!ended_) {
    signal(SIGKILL);
    wait();
  }
  ::close(output_);
}

void ChildProgram::signal(int number) const { ::kill(pid_, number); }

void ChildProgram::keep(int status) {
  ended_ = true;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
}

bool ChildProgram::ended() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) keep(status);
  return ended_;
}

int ChildProgram::wait() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, 0) == pid_) keep(status);
  return exit_code_;
}

std::string ChildProgram::output() const {
  std::string text;
  char part[4096];
  for (off_t at = 0;;) {
    const auto count = ::pread(output_, part, sizeof part, at);
    if (count <= 0) return text;
    text.append(part, static_cast<std::size_t>(count));
    at += count;
  }
}

}  // namespace runbook::connection
