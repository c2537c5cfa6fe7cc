#include "agent/runner/kernel_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "agent/runner/file_descriptor.hpp"

namespace runbook::runner {

std::optional<std::string> read_kernel_file(const std::string& path, std::size_t limit) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  constexpr std::size_t kStep = 4096;
  std::string text;
  while (text.size() < limit) {
    const std::size_t before = text.size();
    text.resize(before + kStep);
    const auto count = ::read(file.get(), text.data() + before, kStep);
    if (count < 0) return std::nullopt;
    text.resize(before + static_cast<std::size_t>(count));
    if (count == 0) break;
  }
  return text;
}

bool write_kernel_file(const std::string& path, std::string_view text) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::optional<int> parse_pid(std::string_view text) {
  int pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (error != std::errc{} || end != text.data() + text.size() || pid <= 0) return std::nullopt;
  return pid;
}

}  // namespace runbook::runner
