#include "protocol/runtime/logging.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "protocol/messages/time.hpp"
#include "protocol/runtime/log_text.hpp"

namespace runbook::runtime {
namespace {

struct Log {
  std::shared_ptr<spdlog::logger> logger;
  bool json = false;
};

std::shared_ptr<const Log> make_log(const LogSettings& settings) {
  spdlog::sink_ptr sink;
  if (settings.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file);
  }
  auto logger = std::make_shared<spdlog::logger>("runbook", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(settings.level);
  logger->flush_on(settings.level);
  return std::make_shared<const Log>(Log{std::move(logger), settings.json});
}

std::mutex& current_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::shared_ptr<const Log>& current() {
  static std::shared_ptr<const Log> log = make_log(LogSettings{});
  return log;
}

std::shared_ptr<const Log> snapshot() {
  const std::lock_guard lock(current_mutex());
  return current();
}

}  // namespace

void start_logging(const LogSettings& settings) {
  auto made = make_log(settings);
  const std::lock_guard lock(current_mutex());
  current() = std::move(made);
}

void log(spdlog::level::level_enum level, const LogIds& ids, std::string_view message) {
  const auto target = snapshot();
  if (!target->logger->should_log(level)) return;
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  target->logger->log(
      level, target->json ? json_line(now, level, ids, message) : text_line(now, level, ids, message));
}

}  // namespace runbook::runtime
