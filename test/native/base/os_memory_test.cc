#include "base/os_memory.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace simd_arena {
namespace {

constexpr std::size_t kPages = 5;

std::size_t PageBytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

/// Pages of a mapping, all of them written to.
struct DirtyPages {
  DirtyPages() : data(static_cast<std::uint8_t*>(os::MapPages(kPages * PageBytes()))) {
    REQUIRE(data != nullptr);
    std::memset(data, 7, kPages * PageBytes());
  }
  ~DirtyPages() { munmap(data, kPages * PageBytes()); }

  std::size_t CountResident() const {
    unsigned char resident[kPages];
    REQUIRE(mincore(data, kPages * PageBytes(), resident) == 0);
    return static_cast<std::size_t>(
        std::count_if(resident, resident + kPages, [](unsigned char flags) { return (flags & 1) != 0; }));
  }

  std::uint8_t* const data;
};

TEST_CASE("a range of any start and size is cleared, and nothing beside it") {
  const std::size_t page = PageBytes();
  const std::size_t bytes = kPages * page;
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}, page - 1, page, page + 16}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, page - 1, page, page + 1, 2 * page, 3 * page + 5}) {
      const DirtyPages pages;
      os::ZeroRange(pages.data + first, size);
      for (std::size_t at = 0; at < bytes; ++at) {
        REQUIRE(pages.data[at] == (at >= first && at < first + size ? 0 : 7));
      }
    }
  }
}

TEST_CASE("the whole pages of a range that is cleared go back to the system") {
  const DirtyPages pages;
  const std::size_t page = PageBytes();
  CHECK(pages.CountResident() == kPages);
  os::ZeroRange(pages.data + 16, 4 * page);
  CHECK(pages.CountResident() == kPages - 3);
}

}  // namespace
}  // namespace simd_arena
