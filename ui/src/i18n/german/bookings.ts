/** What a booking in the ledger says besides its amount. */
import { text } from '../facts';
import type { Sayings } from '../said';

export const bookings: Sayings = {
  unmetered: () => 'Die Energie wurde nicht gemessen und deshalb nicht berechnet.',
  beyond_drawn: () => 'Der gemessene Verbrauch kostet mehr, als dafür vorgesehen war; das Budget zahlt das Vorgesehene, die Plattform den Rest.',
  stored: ({ bucket, day, gb }, f) => (text(gb) ? `Bucket ${text(bucket)} am ${f.day(`${text(day)}T12:00:00`)}: ${f.bytes(Number(text(gb)) * 1e9)}.` : undefined),
};
