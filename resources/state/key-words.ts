export { keyWords } from '../../server/client/key-words.ts';
