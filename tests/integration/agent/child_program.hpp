// ChildProgram: a program the test starts and waits for; its output goes to memory. Killed with the object.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace runbook::connection {

class ChildProgram {
 public:
  // Starts `argv` with standard output and error in one temporary file.
  explicit ChildProgram(const std::vector<std::string>& argv);
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;
  ~ChildProgram();

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  bool ended();  // without waiting
  int wait();    // its exit code, or 128 and the signal
  std::string output() const;

 private:
  void keep(int status);

  pid_t pid_ = -1;
  int output_ = -1;
  int exit_code_ = -1;
  bool ended_ = false;
};

}  // namespace runbook::connection
