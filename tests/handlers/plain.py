"""A Reply as bare text, for golden files: every part on its own lines, buttons with the lines they type."""

from handlers.reply import Fields, Para, Reply


def plain(reply: Reply) -> str:
    lines = [f"[{reply.tone}] {reply.title}"]
    for part in reply.body:
        if isinstance(part, Para):
            lines.append(("  . " if part.quiet else "  ") + "".join(span.text for span in part.spans))
        elif isinstance(part, Fields):
            lines += [f"  {name} = {value}" for name, value in part.pairs]
        else:
            lines += ["  " + " | ".join(cells) for cells in (part.header, *part.rows)]
            lines += [f"  {part.more}"] if part.more else []
    lines += [f"  <{button.label}> {button.line}" for button in reply.buttons]
    return "\n".join(lines) + "\n"
