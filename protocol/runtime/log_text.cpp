#include "protocol/runtime/log_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "protocol/messages/json.hpp"

namespace runbook::runtime {
namespace {

std::string_view level_word(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace: return "trace";
    case spdlog::level::debug: return "debug";
    case spdlog::level::info: return "info";
    case spdlog::level::warn: return "warning";
    case spdlog::level::err: return "error";
    default: return "critical";
  }
}

using Named = std::array<std::pair<std::string_view, std::string_view>, 5>;

Named named(const LogIds& ids) {
  return {{{"request", ids.request},
           {"execution", ids.execution},
           {"step", ids.step},
           {"attempt", ids.attempt},
           {"agent", ids.agent}}};
}

void append_json_string(std::string& line, std::string_view text) {
  line.push_back('"');
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto first = static_cast<std::uint8_t>(text.front());
    if (length == 0) {
      line += "\\ufffd";
    } else if (first == '"' || first == '\\') {
      line.push_back('\\');
      line.push_back(text.front());
    } else if (first < 0x20 || first == 0x7F) {
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", first);
    } else {
      line.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  line.push_back('"');
}

void append_readable(std::string& line, std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto first = static_cast<std::uint8_t>(text.front());
    const bool c1_control = length == 2 && first == 0xC2 && static_cast<std::uint8_t>(text[1]) < 0xA0;
    const std::size_t taken = length == 0 ? 1 : length;
    if (length == 0 || first < 0x20 || first == 0x7F || c1_control) {
      for (const char c : text.substr(0, taken)) {
        fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<std::uint8_t>(c));
      }
    } else {
      line.append(text.substr(0, taken));
    }
    text.remove_prefix(taken);
  }
}

}  // namespace

std::string json_line(Time now, spdlog::level::level_enum level, const LogIds& ids,
                      std::string_view message) {
  std::string line = fmt::format(R"({{"time":"{}","level":"{}","message":)", rfc3339(now), level_word(level));
  append_json_string(line, message);
  for (const auto& [name, id] : named(ids)) {
    if (id.empty()) continue;
    fmt::format_to(std::back_inserter(line), R"(,"{}":)", name);
    append_json_string(line, id);
  }
  line.push_back('}');
  return line;
}

std::string text_line(Time now, spdlog::level::level_enum level, const LogIds& ids,
                      std::string_view message) {
  std::string line = fmt::format("{} {:<7} ", rfc3339(now), level_word(level));
  append_readable(line, message);
  for (const auto& [name, id] : named(ids)) {
    if (id.empty()) continue;
    fmt::format_to(std::back_inserter(line), " {}=", name);
    append_readable(line, id);
  }
  return line;
}

}  // namespace runbook::runtime
