// QR codes in pictures: from a file, or a frame of the camera.
import { decodeQR } from "./vendor/libraries.js";

const LARGEST = 2000; // Pixels of a side: more help nobody.
const FILE_MS = 3000; // What a file is worth; a frame has its default.

/** The text of the QR code in an image file; null where there is none. */
export async function readFile(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return readImage(image, image.naturalWidth, image.naturalHeight, { effort: 4, timeLimit: FILE_MS });
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** The text of the QR code in an image or a video's present frame; null where there is none. */
export function readImage(source, width, height, options = {}) {
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff"; // A drawing may have no ground of its own.
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height), options);
  } catch {
    return null;
  }
}
