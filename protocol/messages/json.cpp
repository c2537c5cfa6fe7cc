#include "protocol/messages/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protocol/messages/limits.hpp"

namespace runbook {
namespace {

namespace json = boost::json;

// Builds the value as Boost's own parser does, and refuses on the way what Boost lets pass.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  bool on_document_begin(json::error_code&) {
    values_.reset();
    return true;
  }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    names_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code&) {
    names_.pop_back();
    values_.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    values_.push_array(count);
    return true;
  }
  bool on_key_part(std::string_view part, std::size_t, json::error_code& error) {
    name_ += part;
    values_.push_chars({part.data(), part.size()});
    return check_nul(part, error);
  }
  bool on_key(std::string_view part, std::size_t, json::error_code& error) {
    name_ += part;
    values_.push_key({part.data(), part.size()});
    if (!check_nul(part, error)) return false;
    if (!names_.back().insert(std::exchange(name_, {})).second) {
      return refuse("a member name appears twice in one object", error);
    }
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, json::error_code& error) {
    values_.push_chars({part.data(), part.size()});
    return check_nul(part, error);
  }
  bool on_string(std::string_view part, std::size_t, json::error_code& error) {
    values_.push_string({part.data(), part.size()});
    return check_nul(part, error);
  }
  bool on_number_part(std::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, std::string_view, json::error_code&) {
    values_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, std::string_view, json::error_code&) {
    values_.push_uint64(number);
    return true;
  }
  // Boost's reading may be off by the last digits; the text is here whole, as the parser gets it whole.
  bool on_double(double number, std::string_view text, json::error_code& error) {
    const auto* end = text.data() + text.size();
    double exact = 0;
    const auto [read, wrong] = std::from_chars(text.data(), end, exact);
    if (wrong == std::errc{} && read == end) number = exact;
    if (!std::isfinite(number)) return refuse("a number is out of range", error);
    values_.push_double(number);
    return true;
  }
  bool on_bool(bool flag, json::error_code&) {
    values_.push_bool(flag);
    return true;
  }
  bool on_null(json::error_code&) {
    values_.push_null();
    return true;
  }
  bool on_comment_part(std::string_view, json::error_code&) { return true; }
  bool on_comment(std::string_view, json::error_code&) { return true; }

  json::value release() { return values_.release(); }
  std::string_view refusal() const { return refusal_; }

 private:
  bool refuse(std::string_view why, json::error_code& error) {
    refusal_ = why;
    error = json::error::syntax;
    return false;
  }
  bool check_nul(std::string_view part, json::error_code& error) {
    if (part.find('\0') == std::string_view::npos) return true;
    return refuse("a NUL character is not allowed", error);
  }

  json::value_stack values_;
  std::vector<std::unordered_set<std::string>> names_;  // one set per open object
  std::string name_;                                    // the part of a member name seen so far
  std::string_view refusal_;
};

std::string_view reason(const json::error_code& error, std::string_view refusal, std::string_view text) {
  if (!refusal.empty()) return refusal;
  if (error == json::error::too_deep) return "nested too deep";
  if (error == json::error::extra_data) return "text after the end of the value";
  if (error == json::error::incomplete) return text.empty() ? "the text is empty" : "the text ends too early";
  if (!is_utf8(text)) return "not valid UTF-8";
  return "syntax error";
}

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = limits::kJsonDepth;
  json::basic_parser<StrictHandler> parser(options);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (!error) return parser.handler().release();
  return failure(ErrorCode::kMalformed, fmt::format("the JSON text is wrong at byte {}: {}", read,
                                                    reason(error, parser.handler().refusal(), text)));
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const auto follows = [&byte](std::size_t i) {
    return is_continuation(static_cast<unsigned char>(byte(i)));
  };
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || text.front() == '\0') {
      clean += "\xEF\xBF\xBD";
    } else {
      clean += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

std::string pointer_token(std::string_view token) {
  std::string escaped;
  escaped.reserve(token.size());
  for (const char c : token) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

}  // namespace runbook
