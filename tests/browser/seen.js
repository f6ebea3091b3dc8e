// Every text node that can be seen, in open shadow trees too; icon fonts write their pictures as words, so they are left out.
() => {
  const texts = [];
  const walk = (root) => {
    for (const node of root.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        const text = node.textContent.trim();
        if (text && node.parentElement?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) texts.push(text);
      } else if (node.nodeType === Node.ELEMENT_NODE && !node.matches("script, style, [data-testid=stIconMaterial]")) {
        if (node.shadowRoot) walk(node.shadowRoot);
        walk(node);
      }
    }
  };
  walk(document.body);
  return texts;
}
