"""What axe and the eye find wrong with a page in the browser."""

from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
MOST_SHIFT = 0.02


def look_at(page, name: str) -> list[str]:
    """What is wrong with the open page; whether it jumped, where WATCH_SHIFTS was added before."""
    found = Axe().run(page, options=RULES).response["violations"]
    wrong = [
        f"{name}: {one['id']}: {node['html'][:160]}: {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if width > 0:
        wrong.append(f"{name}: scrolls {width} px sideways")
    if page.locator("h1").count() != 1:
        wrong.append(f"{name}: not one h1")
    shift = page.evaluate("window.shifted || 0")
    if shift > MOST_SHIFT:
        wrong.append(f"{name}: things jump by {shift}")
    return wrong


WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
