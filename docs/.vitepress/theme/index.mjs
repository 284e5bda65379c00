// Without the fonts of the default theme: the site shows the fonts of the reader's system and loads none.
import { defineAsyncComponent } from 'vue';
import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    // Loaded with its page: it holds the list of public suffixes.
    app.component(
      'PlaygroundOfVerdicts',
      defineAsyncComponent(() => import('../playground/Playground.vue')),
    );
  },
};
