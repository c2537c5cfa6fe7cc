// Logging through spdlog: JSON lines in production, one readable line each on a terminal. Thread-safe.
// Every line has the ids of what it is about; control characters in values are escaped.
#pragma once

#include <spdlog/common.h>

#include <string>
#include <string_view>

namespace runbook::runtime {

struct LogSettings {
  bool json = false;
  spdlog::level::level_enum level = spdlog::level::info;
  std::string file;  // empty: standard error
};

// Ids of what a line is about; empty ones are left out.
struct LogIds {
  std::string request = {};
  std::string execution = {};
  std::string step = {};
  std::string attempt = {};
  std::string agent = {};
};

void start_logging(const LogSettings& settings);
void log(spdlog::level::level_enum level, const LogIds& ids, std::string_view message);

inline void log_info(const LogIds& ids, std::string_view message) { log(spdlog::level::info, ids, message); }
inline void log_warning(const LogIds& ids, std::string_view message) {
  log(spdlog::level::warn, ids, message);
}
inline void log_error(const LogIds& ids, std::string_view message) { log(spdlog::level::err, ids, message); }

}  // namespace runbook::runtime
