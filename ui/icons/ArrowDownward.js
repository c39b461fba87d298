import { ArrowDown } from 'lucide-react';
import { icon } from './icon.js';

export default icon(ArrowDown);
