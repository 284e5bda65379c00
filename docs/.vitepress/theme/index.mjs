// Without the fonts of the default theme: the site shows the fonts of the reader's system and loads none.
import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

export default DefaultTheme;
