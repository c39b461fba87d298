/** The theme of MUI's components, all of it from the look's tokens, which know both light and dark. */
import { createTheme } from '@mui/material/styles';

const mark = (name: string) => ({ main: `var(--${name})`, light: `var(--${name}-soft)`, dark: `var(--${name})`, contrastText: 'var(--surface)' });

export const theme = createTheme({
  cssVariables: { nativeColor: true },
  palette: {
    primary: { main: 'var(--accent)', dark: 'var(--accent-hover)', light: 'var(--accent-soft)', contrastText: 'var(--on-accent)' },
    success: mark('ok'),
    warning: mark('warn'),
    error: mark('bad'),
    info: mark('info'),
    background: { default: 'var(--canvas)', paper: 'var(--surface)' },
    divider: 'var(--line)',
    text: { primary: 'var(--text)', secondary: 'var(--text-2)', disabled: 'var(--text-3)' },
    action: { hover: 'var(--hover)', selected: 'var(--selected)', active: 'var(--text-2)' },
  },
  spacing: 4,
  shape: { borderRadius: 6 },
  breakpoints: { values: { xs: 0, sm: 768, md: 1024, lg: 1200, xl: 1600 } },
  typography: {
    fontFamily: 'var(--font)',
    fontSize: 13,
    htmlFontSize: 16,
    h1: { fontSize: 'var(--t-xl)', lineHeight: 'var(--lh-xl)', fontWeight: 600 },
    h2: { fontSize: 'var(--t-md)', lineHeight: 'var(--lh-md)', fontWeight: 600 },
    h3: { fontSize: 'var(--t-sm)', lineHeight: 'var(--lh-sm)', fontWeight: 500 },
    h5: { fontSize: 'var(--t-md)', lineHeight: 'var(--lh-md)', fontWeight: 600 },
    body1: { fontSize: 'var(--t-sm)', lineHeight: 'var(--lh-sm)' },
    body2: { fontSize: 'var(--t-sm)', lineHeight: 'var(--lh-sm)' },
    caption: { fontSize: 'var(--t-xs)', lineHeight: 'var(--lh-xs)' },
    button: { textTransform: 'none', fontSize: 'var(--t-sm)', fontWeight: 500 },
  },
  transitions: { duration: { shortest: 80, shorter: 100, short: 120, standard: 120, enteringScreen: 120, leavingScreen: 100 } },
  components: {
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiButton: {
      defaultProps: { disableElevation: true, variant: 'outlined', color: 'inherit' },
      styleOverrides: {
        root: { minHeight: 'var(--control)', padding: '0 var(--s3)', borderColor: 'var(--line-strong)', lineHeight: 1, '&:hover': { background: 'var(--hover)', borderColor: 'var(--line-control)' } },
        contained: { background: 'var(--accent)', color: 'var(--on-accent)', '&:hover': { background: 'var(--accent-hover)' } },
      },
    },
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiDialog: {
      styleOverrides: {
        paper: { borderRadius: 10, background: 'var(--raised)', boxShadow: 'var(--e-3)', width: 'min(32rem, calc(100vw - 2rem))', maxWidth: 'none', margin: 16 },
      },
    },
    MuiBackdrop: { styleOverrides: { root: { background: 'light-dark(#0f1f1e66, #000000a6)' }, invisible: { background: 'transparent' } } },
    MuiMenu: { styleOverrides: { paper: { background: 'var(--raised)', boxShadow: 'var(--e-2)' } } },
    MuiPopover: { styleOverrides: { paper: { background: 'var(--raised)', boxShadow: 'var(--e-2)' } } },
    MuiMenuItem: { styleOverrides: { root: { minHeight: 'var(--control)', fontSize: 'var(--t-sm)', gap: 'var(--s2)' } } },
    MuiTooltip: {
      styleOverrides: { tooltip: { background: 'var(--raised)', color: 'var(--text)', boxShadow: 'var(--e-2)', fontSize: 'var(--t-xs)', lineHeight: 'var(--lh-xs)', fontWeight: 400, padding: 'var(--s2)' } },
    },
    MuiTextField: { defaultProps: { size: 'small', variant: 'outlined', slotProps: { inputLabel: { shrink: true } } } },
    MuiFormControl: { defaultProps: { size: 'small' } },
    MuiInputLabel: {
      defaultProps: { shrink: true },
      styleOverrides: { root: { position: 'static', transform: 'none', color: 'var(--text)', fontWeight: 500, fontSize: 'var(--t-sm)', lineHeight: 'var(--lh-sm)', marginBottom: 4, maxWidth: 'none', whiteSpace: 'normal', '&.Mui-focused': { color: 'var(--text)' }, '&.Mui-error': { color: 'var(--text)' } } },
    },
    MuiOutlinedInput: {
      defaultProps: { notched: false },
      styleOverrides: {
        root: { minHeight: 'var(--control)', background: 'var(--surface)', '& .MuiOutlinedInput-notchedOutline': { borderColor: 'var(--line-control)', top: 0 }, '& legend': { display: 'none' }, '&.Mui-focused .MuiOutlinedInput-notchedOutline': { borderWidth: 2, borderColor: 'var(--focus)' } },
        input: { padding: '0 var(--s2)', height: 'calc(var(--control) - 2px)', fontSize: 'var(--t-sm)' },
        multiline: { padding: 'var(--s1) 0', '& textarea': { height: 'auto', padding: 'var(--s1) var(--s2)' } },

      },
    },
    MuiFormHelperText: { styleOverrides: { root: { margin: '4px 0 0', fontSize: 'var(--t-xs)', lineHeight: 'var(--lh-xs)', color: 'var(--text-3)' } } },
    MuiFormLabel: { styleOverrides: { asterisk: { color: 'var(--text-3)' } } },
    MuiCheckbox: { defaultProps: { size: 'small', disableRipple: true }, styleOverrides: { root: { padding: 4, color: 'var(--line-control)' } } },
    MuiRadio: { defaultProps: { size: 'small' }, styleOverrides: { root: { padding: 4, color: 'var(--line-control)' } } },
    MuiDivider: { styleOverrides: { root: { borderColor: 'var(--line)' } } },
  },
});
