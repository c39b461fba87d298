/** All that the platform says by code, in German; loaded by those alone who read it. */
export { bookings } from './bookings';
export { deliveries } from './deliveries';
export { energy } from './energy';
export { faults } from './faults';
export { findings } from './findings';
export { jobs, steps } from './jobs';
export { lines, troubles } from './lines';
export { orders } from './orders';
export { permissions } from './permissions';
export { discards, unpredicted } from './placement';
export { problems } from './problems';
