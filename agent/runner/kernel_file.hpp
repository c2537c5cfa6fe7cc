// Small files of /proc and /sys, read and written whole without exceptions: they come and go with processes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runbook::runner {

// Nothing when the file cannot be read. Reads at most `limit` bytes.
std::optional<std::string> read_kernel_file(const std::string& path, std::size_t limit = 1024 * 1024);
bool write_kernel_file(const std::string& path, std::string_view text);

// A positive process id, or nothing.
std::optional<int> parse_pid(std::string_view text);

}  // namespace runbook::runner
