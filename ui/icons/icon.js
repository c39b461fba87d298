import { createElement } from 'react';

/** Return an icon that takes what the form theme hands to its icons. */
export const icon = (Lucide) =>
  function Icon({ fontSize, color, sx, ...rest }) {
    return createElement(Lucide, { size: 16, strokeWidth: 1.6, 'aria-hidden': true, ...rest });
  };
