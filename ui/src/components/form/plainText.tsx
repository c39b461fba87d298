/** In the place of a Markdown library that the form theme would load: help texts of schemas are plain text here. */
export default function PlainText({ children }: { children?: string }) {
  return <>{children}</>;
}
