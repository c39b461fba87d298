/** In the place of a Markdown library that the form theme would load: help texts of schemas are plain text here. */
export function Markdown({ children }: { children?: string }) {
  return <>{children}</>;
}

export default Markdown;
