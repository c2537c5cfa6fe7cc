#include "controller/yaml/yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <utility>

#include "controller/yaml/yaml_scalar.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::yaml {
namespace {

namespace json = boost::json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Place place_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line = before.rfind('\n') + 1;  // 0 in the first line
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  Place place;
  place.line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
  place.column = 1 + static_cast<std::size_t>(std::ranges::count_if(before.substr(line), begins_character));
  return place;
}

// Left by an exception, because every event of a document can end its reading.
struct Refused {
  std::size_t offset;
  std::string why;
};

// Builds the value from yaml-cpp's events.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (done_) throw Refused{offset(mark), "send one document, not several"};
  }
  void OnDocumentEnd() override { done_ = true; }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{offset(mark), "aliases are not taken: write the value again"};
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    judge(mark, anchor);
    if (awaits_name()) throw not_text(mark);
    const bool bare = !levels_.empty() && levels_.back().named && levels_.back().name_offset == offset(mark);
    if (bare) throw Refused{offset(mark), "a ':' after the name is missing"};
    add(nullptr, {offset(mark)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    judge(mark, anchor);
    judge_text(mark, value);
    auto read = std::optional<json::value>(json::value(value));
    if (tag == "?") read = plain_value(value);
    if (!read) throw Refused{offset(mark), "JSON has no such number: put it in quotes if it is text"};
    if (!awaits_name()) return add(std::move(*read), {offset(mark)});
    if (!read->is_string()) throw not_text(mark);
    begin_member(value, offset(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    enter(json::array(), mark, anchor);
  }
  void OnSequenceEnd() override { leave(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    enter(json::object(), mark, anchor);
  }
  void OnMapEnd() override { leave(); }

  json::value& value() { return value_; }
  Spot& spot() { return spot_; }

 private:
  struct Level {
    json::value value;
    Spot spot;
    bool named = false;  // the name of the next member is known
    std::string name = {};
    std::uint32_t name_offset = 0;
  };

  static std::uint32_t offset(const YAML::Mark& mark) {
    return static_cast<std::uint32_t>(std::max(mark.pos, 0));
  }
  char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
  bool awaits_name() const {
    return !levels_.empty() && levels_.back().value.is_object() && !levels_.back().named;
  }
  static Refused not_text(const YAML::Mark& mark) {
    return {offset(mark), "a name must be text: put it in quotes"};
  }

  // Properties of a node stand where it begins; yaml-cpp does not report all of them.
  void judge(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    const char first = at(offset(mark));
    if (anchor != YAML::NullAnchor || first == '&') throw Refused{offset(mark), "anchors are not taken"};
    if (first == '!') throw Refused{offset(mark), "tags are not taken"};
    if (first == '*') throw Refused{offset(mark), "aliases are not taken: write the value again"};
  }

  // yaml-cpp takes a quoted text that does not end, and escapes for what no JSON text may hold.
  void judge_text(const YAML::Mark& mark, const std::string& value) const {
    if (!ends(offset(mark))) throw Refused{offset(mark), "the quoted text does not end"};
    if (value.contains('\0')) throw Refused{offset(mark), "a NUL character is not allowed"};
    if (!is_utf8(value)) throw Refused{offset(mark), "the text has an escape that is no character"};
  }

  // False for a quoted text at `begin` without its closing quote.
  bool ends(std::size_t begin) const {
    const char quote = at(begin);
    if (quote != '"' && quote != '\'') return true;
    for (auto next = begin + 1; next < text_.size(); ++next) {
      if (quote == '"' && text_[next] == '\\') {
        ++next;
      } else if (text_[next] == quote) {
        if (quote == '"' || at(next + 1) != quote) return true;
        ++next;  // '' stands for one '
      }
    }
    return false;
  }

  void begin_member(const std::string& name, std::uint32_t where) {
    auto& level = levels_.back();
    if (level.value.get_object().contains(name)) {
      throw Refused{where, fmt::format("{} is given twice", name)};
    }
    level.named = true;
    level.name = name;
    level.name_offset = where;
  }

  void enter(json::value empty, const YAML::Mark& mark, YAML::anchor_t anchor) {
    judge(mark, anchor);
    if (awaits_name()) throw not_text(mark);
    if (levels_.size() == limits::kJsonDepth) throw Refused{offset(mark), "nested too deep"};
    levels_.push_back({.value = std::move(empty), .spot = {offset(mark)}});
  }

  void leave() {
    auto level = std::move(levels_.back());
    levels_.pop_back();
    add(std::move(level.value), std::move(level.spot));
  }

  void add(json::value value, Spot spot) {
    if (levels_.empty()) {
      value_ = std::move(value);
      spot_ = std::move(spot);
      return;
    }
    auto& level = levels_.back();
    if (auto* array = level.value.if_array()) {
      array->push_back(std::move(value));
    } else {
      level.value.get_object().emplace(level.name, std::move(value));
      spot.offset = level.name_offset;
      level.named = false;
    }
    level.spot.inner.push_back(std::move(spot));
  }

  std::string_view text_;
  bool done_ = false;
  json::value value_ = nullptr;
  Spot spot_;
  std::vector<Level> levels_;
};

// Only what the specification calls printable (§5.1) may stand in a text; yaml-cpp takes U+0004 for its end.
void judge_characters(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length(text.substr(at));
    if (length == 0) throw Refused{at, "not valid UTF-8"};
    const auto first = static_cast<unsigned char>(text[at]);
    const bool control = first < 0x20 && first != '\t' && first != '\n' && first != '\r';
    const bool upper_control = first == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0 &&
                               static_cast<unsigned char>(text[at + 1]) != 0x85;
    if (control || first == 0x7F || upper_control) {
      throw Refused{at, "a control character must be written as an escape in double quotes"};
    }
    at += length;
  }
}

void build(std::string_view text, Builder& builder) {
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    bool any = false;
    while (parser.HandleNextDocument(builder)) any = true;
    if (!any) throw Refused{0, "the text is empty"};
  } catch (const YAML::Exception& error) {
    const auto offset = static_cast<std::size_t>(std::max(error.mark.pos, 0));
    if (offset < text.size() && text[offset] == '*') throw Refused{offset, "aliases are not taken"};
    throw Refused{offset,
                  "this is no YAML: look for a missing quote, a wrong indentation, or a ':' inside a "
                  "text without quotes"};
  }
}

// The member or item that `token` names; nothing when there is none.
std::optional<std::size_t> child_index(const json::value& value, std::string_view token) {
  if (const auto* object = value.if_object()) {
    for (std::size_t i = 0; const auto& member : *object) {
      if (pointer_token(member.key()) == token) return i;
      ++i;
    }
    return std::nullopt;
  }
  const auto* array = value.if_array();
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (array == nullptr || error != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  if (index >= array->size()) return std::nullopt;
  return index;
}

}  // namespace

Place Document::place(std::string_view pointer) const {
  const auto* at = &value;
  const auto* where = &spot;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    const auto index = child_index(*at, token);
    if (!index || *index >= where->inner.size()) break;
    const auto* object = at->if_object();
    at = object != nullptr ? &(object->begin() + static_cast<std::ptrdiff_t>(*index))->value()
                           : &at->get_array()[*index];
    where = &where->inner[*index];
  }
  return place_at(text, where->offset);
}

Result<Document> read(std::string text) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  Document document{nullptr, std::move(text), {}};
  try {
    judge_characters(document.text);
    Builder builder(document.text);
    build(document.text, builder);
    document.value = std::move(builder.value());
    document.spot = std::move(builder.spot());
    return document;
  } catch (const Refused& refused) {
    const auto place = place_at(document.text, refused.offset);
    return failure(ErrorCode::kMalformed, fmt::format("the YAML text is wrong at line {}, column {}: {}",
                                                      place.line, place.column, refused.why));
  }
}

Error with_places(Error error, const Document& document) {
  for (auto& fault : error.faults) {
    const auto place = document.place(fault.pointer);
    fault.message += fmt::format(" (line {}, column {})", place.line, place.column);
  }
  return error;
}

}  // namespace runbook::yaml
