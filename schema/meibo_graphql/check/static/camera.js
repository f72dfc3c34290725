// The camera: shows what it sees, and gives the first QR code in it. Pictures are looked at and forgotten.
import { readImage } from "./pictures.js";

const PAUSE_MS = 120;
const WANTED = { video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false };

export class Camera {
  #stream = null;
  #isWanted = false;

  constructor(video) {
    this.video = video;
  }

  get isOn() {
    return this.#stream !== null;
  }

  /** The first text that comes before the camera; null where it was stopped before. Throws without a camera. */
  async read() {
    this.#isWanted = true;
    this.#stream = await navigator.mediaDevices.getUserMedia(WANTED);
    if (!this.#isWanted) this.stop(); // Somebody stopped it while the browser asked for permission.
    if (!this.isOn) return null;
    this.video.srcObject = this.#stream;
    await this.video.play();
    while (this.isOn) {
      const text = readImage(this.video, this.video.videoWidth, this.video.videoHeight);
      if (text) return text;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
    return null;
  }

  stop() {
    this.#isWanted = false;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }
}
